// SPDX-License-Identifier: BSD-3-Clause
//
// The forwarding methods as CONTROL.md describes them, over a configuration that nobody forwards by.
type Params = Record<string, unknown>;
type Config = { ports: Params; routes?: unknown[] };
export type Refuse = (code: string, message: string) => Error;

export class DoubleForwarding {
  generation = 1;
  config: Config = { ports: {} };
  /** Routes in a page of forwarding.get. */
  page = 3;
  /** Called between the pages of a get. */
  between: () => void = () => undefined;
  /** The change that waits for its confirmation, and what it replaced. */
  waiting: { generation: number; before: Config } | undefined;
  private upload: unknown[] | undefined;
  private uploads = 0;
  private readonly refuse: Refuse;

  constructor(refuse: Refuse) {
    this.refuse = refuse;
  }

  /** A change by somebody else. */
  change(config: Config): void {
    this.config = config;
    this.generation++;
  }

  undo(): void {
    const { waiting } = this;
    if (!waiting) throw this.refuse('WDPDK_E_NOT_FOUND', 'nothing waits');
    this.waiting = undefined;
    this.change(waiting.before);
  }

  handlers(): Record<string, (params: Params) => unknown> {
    return {
      'forwarding.get': (params) => this.get(params),
      'forwarding.begin': () => {
        this.upload = [];
        return { upload: ++this.uploads };
      },
      'forwarding.append': (params) => {
        this.uploaded(params).push(...(params['routes'] as unknown[]));
        return { routes: this.upload!.length };
      },
      'forwarding.check': (params) => {
        const next = this.whole(params);
        const same = JSON.stringify(next) === JSON.stringify(this.config);
        const changes = same ? [] : [{ path: '', from: this.config, to: next }];
        return { generation: this.generation, changes, truncated: 0 };
      },
      'forwarding.set': (params) => this.set(params),
      'forwarding.confirm': ({ generation }) => {
        if (this.waiting?.generation !== generation) throw this.refuse('WDPDK_E_NOT_FOUND', 'nothing waits');
        this.waiting = undefined;
        return {};
      },
      'forwarding.rollback': ({ generation }) => {
        if (this.waiting?.generation !== generation) throw this.refuse('WDPDK_E_NOT_FOUND', 'nothing waits');
        this.undo();
        return { generation: this.generation };
      },
    };
  }

  private get({ from = 0, generation }: Params): unknown {
    if (from !== 0) this.between();
    if (generation !== undefined && generation !== this.generation)
      throw this.refuse('WDPDK_E_CONFLICT', `generation ${this.generation} is current`);
    const { routes = [] } = this.config;
    const end = (from as number) + this.page;
    const config = this.config.routes ? { ...this.config, routes: routes.slice(from as number, end) } : this.config;
    const next = end < routes.length ? { next: end } : {};
    return { generation: this.generation, config, routes: routes.length, ...next };
  }

  private uploaded(params: Params): unknown[] {
    if (!this.upload || params['upload'] !== this.uploads) throw this.refuse('WDPDK_E_NOT_FOUND', 'no such upload');
    return this.upload;
  }

  private whole(params: Params): Config {
    const config = params['config'] as Config;
    if (params['upload'] === undefined) return config;
    const routes = [...(config.routes ?? []), ...this.uploaded(params)];
    this.upload = undefined;
    return { ...config, routes };
  }

  private set(params: Params): unknown {
    const { ifGeneration } = params;
    if (ifGeneration !== undefined && ifGeneration !== this.generation)
      throw this.refuse('WDPDK_E_CONFLICT', `generation ${this.generation} is current`);
    if (this.waiting) throw this.refuse('WDPDK_E_CONFLICT', 'another change waits');
    const before = this.config;
    const previous = this.generation;
    this.change(this.whole(params));
    if (params['confirmWithinMs'] !== undefined) this.waiting = { generation: this.generation, before };
    return { generation: this.generation, previous };
  }
}
