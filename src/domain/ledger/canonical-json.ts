/** The value has no canonical JSON; `path` says where (`$.data.cost`). A programming fault, so it is thrown. */
export class NotCanonicalError extends Error {
  readonly path: string;

  constructor(path: string, problem: string) {
    super(`${path} ${problem}: it has no canonical JSON`);
    this.name = 'NotCanonicalError';
    this.path = path;
  }
}

/**
 * RFC 8785 (JSON Canonicalization Scheme): no white space, keys in order of their UTF-16 code units, numbers and strings
 * as ECMAScript writes them. Members that are `undefined` are left out; anything else that JSON lacks is an error, since
 * `JSON.stringify` would turn it into `null` or drop it, and the hash would cover something other than what was meant.
 */
export const canonicalJson = (value: unknown): string => written(value, null);

/**
 * The same order of keys spread over lines, two spaces a level, for files that people and diffs read. Not
 * `JSON.stringify` on sorted objects: that puts keys which look like numbers first, whatever order they were set in.
 */
export const prettyCanonicalJson = (value: unknown): string => written(value, '\n');

const written = (value: unknown, line: string | null): string => {
  try {
    return write(value, line);
  } catch (error) {
    // The way to the fault is looked for once there is one: kept on the way, it costs more than the writing.
    if (error instanceof Uncanonical) throw located(value, '$') ?? error;
    throw error;
  }
};

/** No canonical JSON, somewhere. */
class Uncanonical extends Error {}

/** `line` is null for one line, else the newline and indentation of the enclosing level. */
const write = (value: unknown, line: string | null): string => {
  if (Array.isArray(value)) {
    // Array.from, since `map` skips the holes of a sparse array.
    return enclose(
      '[',
      Array.from(value, (member) => write(member, deeper(line))),
      ']',
      line,
    );
  }
  if (problemOf(value) !== null) throw new Uncanonical();
  return typeof value === 'object' && value !== null
    ? writeObject(value, line)
    : JSON.stringify(value);
};

/** Why a value has no canonical JSON, its members aside; null: it has. */
const problemOf = (value: unknown): string | null => {
  switch (typeof value) {
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : `is ${value}`;
    case 'string':
      // A lone surrogate cannot be written as UTF-8: the file would hold U+FFFD, and the hash would no longer fit it.
      return value.isWellFormed() ? null : 'holds a lone surrogate';
    case 'object': {
      if (value === null || Array.isArray(value)) return null;
      const prototype: unknown = Object.getPrototypeOf(value);
      // A Date or a Map is data only by accident of its `toJSON`: refuse what is not a plain record.
      return prototype === Object.prototype || prototype === null ? null : 'is not a plain object';
    }
    default:
      return `is of type ${typeof value}`;
  }
};

const writeObject = (value: object, line: string | null): string => {
  const colon = line === null ? ':' : ': ';
  const members = value as Readonly<Record<string, unknown>>;
  // The default order of `sort` is that of UTF-16 code units, which the RFC asks for; localeCompare's is not.
  const parts = Object.keys(members)
    .sort()
    .filter((key) => members[key] !== undefined)
    .map((key) => write(key, null) + colon + write(members[key], deeper(line)));
  return enclose('{', parts, '}', line);
};

/** The first member that has no canonical JSON, with the way to it. */
const located = (value: unknown, path: string): NotCanonicalError | null => {
  const problem = problemOf(value);
  if (problem !== null) return new NotCanonicalError(path, problem);
  if (typeof value !== 'object' || value === null) return null;
  const members: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? Array.from(value, (member: unknown, index) => [`${path}[${index}]`, member])
    : Object.entries(value)
        .filter(([, member]) => member !== undefined)
        .flatMap(([key, member]) => [
          [path, key],
          [`${path}.${key}`, member],
        ]);
  for (const [where, member] of members) {
    const found = located(member, where);
    if (found !== null) return found;
  }
  return null;
};

const deeper = (line: string | null): string | null => (line === null ? null : `${line}  `);

const enclose = (
  open: string,
  parts: readonly string[],
  close: string,
  line: string | null,
): string => {
  if (line === null || parts.length === 0) return open + parts.join(',') + close;
  return `${open}${line}  ${parts.join(`,${line}  `)}${line}${close}`;
};
