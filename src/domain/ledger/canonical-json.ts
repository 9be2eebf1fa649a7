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
export const canonicalJson = (value: unknown): string => write(value, '$', null);

/**
 * The same order of keys spread over lines, two spaces a level, for files that people and diffs read. Not
 * `JSON.stringify` on sorted objects: that puts keys which look like numbers first, whatever order they were set in.
 */
export const prettyCanonicalJson = (value: unknown): string => write(value, '$', '\n');

/** `line` is null for one line, else the newline and indentation of the enclosing level. */
const write = (value: unknown, path: string, line: string | null): string => {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new NotCanonicalError(path, `is ${value}`);
      return JSON.stringify(value);
    case 'string':
      return writeString(value, path);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, path, line) : writeObject(value, path, line);
    default:
      throw new NotCanonicalError(path, `is of type ${typeof value}`);
  }
};

const writeString = (text: string, path: string): string => {
  // A lone surrogate cannot be written as UTF-8: the file would hold U+FFFD, and the hash would no longer fit it.
  if (!text.isWellFormed()) throw new NotCanonicalError(path, 'holds a lone surrogate');
  return JSON.stringify(text);
};

const writeArray = (values: readonly unknown[], path: string, line: string | null): string => {
  // Array.from, since `map` skips the holes of a sparse array.
  const parts = Array.from(values, (value, index) =>
    write(value, `${path}[${index}]`, deeper(line)),
  );
  return enclose('[', parts, ']', line);
};

const writeObject = (value: object, path: string, line: string | null): string => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // A Date or a Map is data only by accident of its `toJSON`: refuse what is not a plain record.
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NotCanonicalError(path, 'is not a plain object');
  }
  const colon = line === null ? ':' : ': ';
  const parts = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    // `<` on strings compares UTF-16 code units, which is the order the RFC asks for; localeCompare is not.
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(
      ([key, member]) =>
        writeString(key, path) + colon + write(member, `${path}.${key}`, deeper(line)),
    );
  return enclose('{', parts, '}', line);
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
