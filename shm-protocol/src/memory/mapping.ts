// SPDX-License-Identifier: BSD-3-Clause
//
// The process-wide registry of mapped segments: one mapping and one ArrayBuffer per segment and thread. Node 20 cannot
// detach such a buffer, and reading one after its memory was unmapped kills the process. So closing a segment only
// gives its memory back where addresses can be kept (Linux: zero pages take its place), and the addresses themselves
// go when the garbage collector has proved that no view is left.

export interface Mapping {
  readonly buffer: ArrayBuffer;
  /** Gives the memory back if the views can stay readable without it. */
  release(): void;
  /** Frees the addresses. Only called once no view of the buffer exists. */
  unmap(): void;
}

interface Entry {
  readonly key: string;
  readonly mapping: Mapping;
  users: number;
}

const live = new Map<string, Entry>();
const collected = new FinalizationRegistry<() => void>((unmap) => unmap());

/** A user's hold on a mapped segment. */
export interface Segment {
  readonly buffer: ArrayBuffer;
  /** Ends this use. The caller has made sure that its own objects no longer touch the buffer. */
  release(): void;
}

function hold(entry: Entry): Segment {
  entry.users++;
  let released = false;
  return {
    buffer: entry.mapping.buffer,
    release: () => {
      if (released) return;
      released = true;
      if (--entry.users > 0) return;
      live.delete(entry.key);
      entry.mapping.release();
    },
  };
}

/**
 * The mapping with this key if this thread has it, otherwise a new one. Keys tell lives of a segment apart by its
 * random generation.
 */
export async function share(key: string, map: () => Mapping | Promise<Mapping>): Promise<Segment> {
  const known = live.get(key);
  if (known) return hold(known);
  const mapping = await map();
  const raced = live.get(key);
  if (raced) {
    mapping.unmap();
    return hold(raced);
  }
  collected.register(mapping.buffer, mapping.unmap);
  const entry: Entry = { key, mapping, users: 0 };
  live.set(key, entry);
  return hold(entry);
}

/** Segments mapped and not yet released, for leak tests. */
export const mappedSegments = (): number => live.size;
