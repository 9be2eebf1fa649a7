import type { Repository } from '../../../src/application/repository.ts';
import type { RepositoryHost } from '../../../src/ports/code-host.ts';
import type { RepositoryFiles } from '../../../src/ports/repository-files.ts';

const never = () => new Promise<never>(() => {});

export type Act = keyof RepositoryHost | 'push' | 'append';

/** A power cut: the named act reaches GitHub, its answer reaches nobody, and nothing runs after it. */
export class PowerCut {
  readonly #act: Act;
  #times: number;
  #dead = false;
  #struck: () => void = () => {};
  readonly struck = new Promise<void>((resolve) => {
    this.#struck = resolve;
  });

  /** `after`: how many times the act goes well before. */
  constructor(act: Act, after: number) {
    this.#act = act;
    this.#times = after;
  }

  readonly around = (repository: Repository): Repository => ({
    ...repository,
    host: this.#cut(repository.host),
    files: this.#cut(repository.files),
    ledger: this.#cut(repository.ledger),
  });

  #cut<T extends RepositoryHost | RepositoryFiles | Repository['ledger']>(part: T): T {
    return new Proxy(part, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...args: readonly unknown[]): Promise<unknown> => {
          if (this.#dead) return never();
          const strikes = name === this.#act && this.#times-- === 0;
          const done: unknown = await Reflect.apply(value, target, [...args]);
          if (!strikes) return this.#dead ? never() : done;
          this.#dead = true;
          this.#struck();
          return never();
        };
      },
    });
  }
}
