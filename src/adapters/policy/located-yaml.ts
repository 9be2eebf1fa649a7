import {
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLMap,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml';
import type { z } from 'zod';
import type { PolicyFault } from '../../ports/policy-source.ts';
import { describeIssue, issuesOf, type Issue } from './issues.ts';
import { visible } from '../../domain/text.ts';
import { documentFaults, textFault } from './yaml-safety.ts';

/** A file of requests may be long; what is read at each wake-up names a bound of its own. */
const maxBytes = 1_000_000;
/** A bound of the library's on what aliases unfold to; how many there may be is bounded before. */
const maxUnfolding = 100;

/** A YAML text with the means to say where in it something is. */
export interface YamlFile {
  readonly file: string;
  /** Plain data; undefined where the text is no YAML. */
  readonly data: unknown;
  readonly faults: readonly PolicyFault[];
  /** The place of a value, or of the nearest thing around it; `offset` moves into a text that stands on one line. */
  readonly place: (path: readonly PropertyKey[], offset?: number) => Place;
  /** The place of a key. */
  readonly keyPlace: (path: readonly PropertyKey[], key: string) => Place;
}

export type Place = Pick<PolicyFault, 'line' | 'column'>;

/** Reads YAML 1.2 strictly: unique keys, no unknown tags, few aliases, one document, nothing hidden in it. */
export function readYaml(file: string, text: string, most = maxBytes): YamlFile {
  const nowhere = () => ({ line: null, column: null });
  const unread = (message: string, place: Place = nowhere()): YamlFile => ({
    file,
    data: undefined,
    faults: [{ file, ...place, message }],
    place: nowhere,
    keyPlace: nowhere,
  });
  const unsafe = textFault(text, most);
  if (unsafe !== null) return unread(unsafe.message, placeIn(text, unsafe.offset));

  const counter = new LineCounter();
  const document = parse(text, counter);
  if (typeof document === 'string') return unread(document);
  const at = (position: number): Place => {
    const { line, col } = counter.linePos(position);
    return { line, column: col };
  };
  const errors = [...document.errors, ...document.warnings].map((error) => ({
    file,
    ...at(error.pos[0]),
    message: wordsOf(error),
  }));
  const structure = errors.length > 0 ? [] : documentFaults(document);
  const faults = [
    ...errors,
    ...structure.map(({ offset, message }) => ({
      file,
      ...(offset === null ? nowhere() : at(offset)),
      message,
    })),
  ];
  // What is only named twice is still checked; what would not unfold, or is none, is not.
  const readable = errors.length === 0 && structure.every(({ unfolds }) => unfolds);
  const data = readable ? plain(document) : undefined;
  if (typeof data === 'object' && data !== null && data instanceof AliasFault)
    return unread(data.message);
  return {
    file,
    data,
    faults,
    place: (path, offset = 0) => at(positionOf(document, path, text, offset)),
    keyPlace: (path, key) => at(keyPosition(document, path, key, text)),
  };
}

/** Where in a text that nothing has parsed yet. */
function placeIn(text: string, offset: number | null): Place {
  if (offset === null) return { line: null, column: null };
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The parser's words, less the place, which stands before them, and less its advice to whoever calls it. */
function wordsOf({ code, message }: YAMLParseError | YAMLWarning): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; write one in a file';
  if (message.includes('call stack')) return 'nested too deep to be read';
  return message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed | string {
  try {
    return parseDocument(text, {
      lineCounter,
      strict: true,
      // Looked for in `documentFaults`.
      uniqueKeys: false,
      stringKeys: true,
      version: '1.2',
    });
  } catch (error) {
    return `no YAML: ${error instanceof Error ? error.message : String(error)}`;
  }
}

class AliasFault {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: maxUnfolding });
  } catch (error) {
    return new AliasFault(
      `too many aliases: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function positionOf(
  document: Document,
  path: readonly PropertyKey[],
  text: string,
  offset: number,
): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) {
      const start = node.range[0];
      if (length < path.length || !isScalar(node)) return start;
      const quote = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
      const oneLine =
        node.type !== 'BLOCK_FOLDED' &&
        node.type !== 'BLOCK_LITERAL' &&
        !text.slice(node.range[0], node.range[1]).includes('\n');
      return oneLine && offset > 0 ? start + quote + offset : start;
    }
  }
  return 0;
}

/** By map and key, read once a map: a file of faults asks for the place of each. */
const keyPositions = new WeakMap<YAMLMap, ReadonlyMap<unknown, number>>();

function positionsIn(map: YAMLMap): ReadonlyMap<unknown, number> {
  const known = keyPositions.get(map);
  if (known !== undefined) return known;
  const positions = new Map<unknown, number>();
  for (const { key } of map.items)
    if (isScalar(key) && key.range && !positions.has(key.value))
      positions.set(key.value, key.range[0]);
  keyPositions.set(map, positions);
  return positions;
}

function keyPosition(
  document: Document,
  path: readonly PropertyKey[],
  key: string,
  text: string,
): number {
  const parent = path.length === 0 ? document.contents : document.getIn(path, true);
  const position = isMap(parent) ? positionsIn(parent).get(key) : undefined;
  return position ?? positionOf(document, path, text, 0);
}

/** Checks data against a schema; every fault with its place, its path and, for a key, the nearest known one. */
export function check<T>(
  file: YamlFile,
  schema: z.ZodType<T>,
): { readonly value: T | null; readonly faults: readonly PolicyFault[] } {
  if (file.data === undefined && file.faults.length > 0)
    return { value: null, faults: file.faults };
  const parsed = schema.safeParse(file.data, { reportInput: true });
  if (parsed.success)
    return {
      value: file.faults.length > 0 ? null : parsed.data,
      faults: file.faults.toSorted(byPlace),
    };
  const told = new Set(file.faults.map(({ line, column }) => `${line}:${column}`));
  const found = issuesOf(parsed.error)
    .map((issue) => faultOf(file, issue))
    .filter(({ line, column }) => !told.has(`${line}:${column}`));
  return { value: null, faults: [...file.faults, ...found].sort(byPlace) };
}

function faultOf(file: YamlFile, issue: Issue): PolicyFault {
  const place =
    issue.key === null
      ? file.place(issue.path, issue.offset)
      : file.keyPlace(issue.path, issue.key);
  return { file: file.file, ...place, message: describeIssue(issue) };
}

/** `policies/default.yml:3:5: what is wrong`; a file's words cannot act on the terminal they are shown on. */
export const faultLine = ({ file, line, column, message }: PolicyFault) =>
  visible(`${file}${line === null ? '' : `:${line}:${column ?? 1}`}: ${message}`);

const byPlace = (a: PolicyFault, b: PolicyFault) =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
