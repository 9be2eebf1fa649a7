import { GitHubRefusal } from '../errors.ts';

/** Reads a JSON body as GitHub does: what is unknown is ignored, what has the wrong type is 422. */
export class Body {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#value = isRecord(value) ? value : {};
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.#value[name];
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw missing(name);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.#value[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw wrong(name, value, 'string');
    return value;
  }

  /** Undefined where absent, null where cleared. */
  nullableText(name: string): string | null | undefined {
    return this.#value[name] === null ? null : this.optionalText(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.#value[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'boolean') throw wrong(name, value, 'boolean');
    return value;
  }

  number(name: string): number | undefined {
    const value = this.#value[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong(name, value, 'integer');
    return value;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.optionalText(name);
    if (value === undefined) return undefined;
    const found = choices.find((one) => one === value);
    if (found === undefined) {
      throw new GitHubRefusal(
        422,
        `Invalid request.\n\nFor 'properties/${name}', ${value} is not a member of ${JSON.stringify(choices)}.`,
      );
    }
    return found;
  }

  texts(name: string): string[] | undefined {
    const value = this.#value[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw wrong(name, value, 'array');
    return value.map((one: unknown) => {
      if (typeof one !== 'string') throw wrong(`${name}/items`, one, 'string');
      return one;
    });
  }

  inner(name: string): Body | undefined {
    const value = this.#value[name];
    if (value === undefined || value === null) return undefined;
    if (!isRecord(value)) throw wrong(name, value, 'object');
    return new Body(value);
  }

  list(name: string): Body[] | undefined {
    const value = this.#value[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw wrong(name, value, 'array');
    return value.map((one: unknown) => new Body(one));
  }

  requiredList(name: string): Body[] {
    const list = this.list(name);
    if (list === undefined) throw missing(name);
    return list;
  }

  /** A label list is names, or objects with a name. */
  names(name: string): string[] | undefined {
    const value = this.#value[name];
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw wrong(name, value, 'array');
    return value.map((one: unknown) =>
      typeof one === 'string' ? one : new Body(one).text('name'),
    );
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const missing = (name: string) =>
  new GitHubRefusal(422, `Invalid request.\n\n"${name}" wasn't supplied.`);

const wrong = (name: string, value: unknown, wanted: string) =>
  new GitHubRefusal(
    422,
    `Invalid request.\n\nFor 'properties/${name}', ${JSON.stringify(value)} is not ${/^[aeiou]/.test(wanted) ? 'an' : 'a'} ${wanted}.`,
  );
