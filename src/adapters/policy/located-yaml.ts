import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { PolicyFault } from '../../ports/policy-source.ts';
import { describeIssue, issuesOf, type Issue } from './issues.ts';

const maxBytes = 1_000_000;
const maxAliases = 100;

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

/** Reads YAML 1.2 strictly: unique keys, no unknown tags, few aliases, one document. */
export function readYaml(file: string, text: string): YamlFile {
  const nowhere = () => ({ line: null, column: null });
  const unread = (message: string): YamlFile => ({
    file,
    data: undefined,
    faults: [{ file, line: null, column: null, message }],
    place: nowhere,
    keyPlace: nowhere,
  });
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > maxBytes)
    return unread(`${bytes} bytes; at most ${maxBytes} are read. Split the file`);

  const counter = new LineCounter();
  const document = parse(text, counter);
  if (typeof document === 'string') return unread(document);
  const at = (position: number): Place => {
    const { line, col } = counter.linePos(position);
    return { line, column: col };
  };
  const faults = [...document.errors, ...document.warnings].map((error) => ({
    file,
    ...at(error.pos[0]),
    message: error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '',
  }));
  const data = faults.length > 0 ? undefined : plain(document);
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

function parse(text: string, lineCounter: LineCounter): Document | string {
  try {
    return parseDocument(text, {
      lineCounter,
      strict: true,
      uniqueKeys: true,
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
    return document.toJS({ maxAliasCount: maxAliases });
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

function keyPosition(
  document: Document,
  path: readonly PropertyKey[],
  key: string,
  text: string,
): number {
  const parent = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(parent)
    ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  return isScalar(pair?.key) && pair.key.range
    ? pair.key.range[0]
    : positionOf(document, path, text, 0);
}

/** Checks data against a schema; every fault with its place, its path and, for a key, the nearest known one. */
export function check<T>(
  file: YamlFile,
  schema: z.ZodType<T>,
): { readonly value: T | null; readonly faults: readonly PolicyFault[] } {
  if (file.faults.length > 0) return { value: null, faults: file.faults };
  const parsed = schema.safeParse(file.data, { reportInput: true });
  if (parsed.success) return { value: parsed.data, faults: [] };
  const faults = issuesOf(parsed.error).map((issue) => faultOf(file, issue));
  return { value: null, faults: faults.sort(byPlace) };
}

function faultOf(file: YamlFile, issue: Issue): PolicyFault {
  const place =
    issue.key === null
      ? file.place(issue.path, issue.offset)
      : file.keyPlace(issue.path, issue.key);
  return { file: file.file, ...place, message: describeIssue(issue) };
}

/** `policies/default.yml:3:5: what is wrong`. */
export const faultLine = ({ file, line, column, message }: PolicyFault) =>
  `${file}${line === null ? '' : `:${line}:${column ?? 1}`}: ${message}`;

const byPlace = (a: PolicyFault, b: PolicyFault) =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
