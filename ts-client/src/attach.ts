// SPDX-License-Identifier: BSD-3-Clause
import {
  DEFAULT_INSTANCE,
  type Endpoint,
  type Params,
  WdpdkError,
  assertKeys,
  assertPlatform,
  assertTimeout,
  connectStream,
  locate,
  protocol,
  violation,
} from 'shared-memory-ipc';
import { type Capability, type Client, ClientView, type Hello, readPorts } from './client.ts';
import { tell } from './diagnostics.ts';
import { eventOf, EventStream } from './events.ts';
import { namingOthers } from './instances.ts';
import type { Op } from './queues/types.ts';
import { Session } from './session.ts';
import { openStats } from './stats/reader.ts';
import { VERSION } from './version.ts';

/** Who attaches, and what for. */
export interface AttachOptions {
  /** Shown by the dataplane beside this client's counters. */
  readonly name?: string;
  /** Default: observe and receive. */
  readonly want?: readonly Capability[];
}

const DEFAULT_TIMEOUT_MS = 5000;

const KNOWN: Readonly<Record<keyof (Op & AttachOptions), true>> = {
  name: true,
  want: true,
  signal: true,
  timeoutMs: true,
};

/**
 * Attaches to a running instance (default: `default`, or what WDPDK_INSTANCE says). Rejects with WDPDK_E_NOT_FOUND
 * when none is running, WDPDK_E_DENIED, WDPDK_E_VERSION, WDPDK_E_PLATFORM, WDPDK_E_TIMEOUT.
 */
export async function attach(options: Op & AttachOptions & { readonly instance?: string } = {}): Promise<Client> {
  assertPlatform();
  assertKeys('attach', options, { ...KNOWN, instance: true });
  const { instance = process.env['WDPDK_INSTANCE'] ?? DEFAULT_INSTANCE, ...rest } = options;
  try {
    return await attachTo(locate(instance), rest);
  } catch (error) {
    throw WdpdkError.is(error, 'WDPDK_E_NOT_FOUND') ? await namingOthers(error, instance) : error;
  }
}

export async function attachTo(endpoint: Endpoint, options: Op & AttachOptions): Promise<Client> {
  assertPlatform();
  assertKeys('attach', options, KNOWN);
  assertTimeout(options.timeoutMs, endpoint.instance);
  const limits = { signal: options.signal, timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS };
  const session = new Session(endpoint, await connectStream(endpoint, limits), (method, params) => {
    notify(session, method, params);
  });
  try {
    const hello = await sayHello(session, options, limits);
    session.watch(hello.pid);
    const observe = hello.granted.has('observe');
    const ports = observe ? readPorts(await session.request('ports', {}, limits)).map((port) => port.id) : [];
    const reader = observe ? await openStats(session, ports, limits) : undefined;
    tell({ event: 'attached', instance: endpoint.instance, client: hello.client });
    return new ClientView(session, hello, reader);
  } catch (error) {
    session.close();
    throw error;
  }
}

function notify(session: Session, method: string, params: Params): void {
  const event = eventOf(method, params);
  if (!event) return;
  for (const member of session.members) {
    if (member instanceof EventStream) member.push(event);
    else if (event.type === 'queue-closed') member.queueClosed?.(event.queue, event.reason);
  }
}

async function sayHello(session: Session, options: AttachOptions, limits: Op): Promise<Hello> {
  const { VERSION_MAJOR: major, VERSION_MINOR: minor } = protocol;
  const request = { major, minor, version: VERSION, name: options.name, want: options.want, pid: process.pid };
  const reply = await session.request('hello', request, limits);
  if (reply['major'] !== major)
    throw new WdpdkError(
      'WDPDK_E_VERSION',
      `the dataplane speaks protocol ${String(reply['major'])}.${String(reply['minor'])}, this client ${major}.${minor}`,
      { object: session.endpoint.instance, remedy: 'Install client and dataplane of one release' },
    );
  const { client, pid, granted, token } = reply;
  if (!(token instanceof Uint8Array) || token.length !== protocol.TOKEN_BYTES || !Array.isArray(granted))
    throw violation(session.endpoint.instance, 'the answer to hello lacks token or capabilities');
  return {
    client: Number(client),
    pid: Number(pid),
    granted: new Set(granted as Capability[]),
    token: Uint8Array.from(token),
  };
}
