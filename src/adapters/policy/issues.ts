import { z } from 'zod';
import { didYouMean } from '../../domain/nearest.ts';

/** One fault of a document, before it has a line: where in the data, which key if it is about one, how far into a text. */
export interface Issue {
  readonly path: readonly PropertyKey[];
  readonly key: string | null;
  readonly offset: number;
  readonly message: string;
}

/** An object that refuses unknown keys and names the nearest known one. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    // The issue has no room for the known keys but its message; `issuesOf` makes one sentence of each unknown key.
    error: (issue) => (issue.code === 'unrecognized_keys' ? known.join(' ') : undefined),
  });
}

/** The faults in what a schema refused, one for each unknown key. */
export const issuesOf = (error: z.ZodError): readonly Issue[] => error.issues.flatMap(faultsIn);

function faultsIn(issue: z.core.$ZodIssue): readonly Issue[] {
  const at = { path: issue.path, key: null, offset: 0 };
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = issue.message.split(' ');
      return issue.keys.map((key) => ({ ...at, key, message: unknownKey(key, known) }));
    }
    case 'invalid_union':
      return unionFaults(issue);
    case 'invalid_value':
      return [{ ...at, message: wrongValue(issue) }];
    case 'invalid_type':
      return [{ ...at, message: isDefault(issue) ? wrongType(issue) : issue.message }];
    case 'custom':
      return [{ ...at, offset: offsetOf(issue.params), message: issue.message }];
    default:
      return [{ ...at, message: lowerFirst(issue.message) }];
  }
}

/** Whether the schema left the words to zod, whose own say what was wrong and not what to write. */
const isDefault = ({ message }: z.core.$ZodIssue) => message.startsWith('Invalid input');

/** The faults of the alternative that was meant, where one was entered: its faults lie deeper than the union itself. */
function unionFaults(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] {
  const meant = issue.errors.find((faults) => faults.some(({ path }) => path.length > 0));
  if (meant === undefined) {
    return [{ path: issue.path, key: null, offset: 0, message: lowerFirst(issue.message) }];
  }
  return meant
    .flatMap(faultsIn)
    .map((fault) => ({ ...fault, path: [...issue.path, ...fault.path] }));
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = didYouMean(key, known);
  return `unknown key "${key}"${near === '' ? `; known here: ${known.join(', ')}` : near}`;
}

function wrongValue({ values, input }: z.core.$ZodIssueInvalidValue): string {
  const known = values.map(String);
  if (input === undefined) return `is missing; it takes ${known.join(' or ')}`;
  const near = typeof input === 'string' ? didYouMean(input, known) : '';
  return `${show(input)} is none of ${known.join(', ')}${near}`;
}

const wrongType = ({ expected, input }: z.core.$ZodIssueInvalidType) =>
  input === undefined
    ? `is missing; it takes ${article(expected)}`
    : `takes ${article(expected)}, not ${show(input)}${meant(expected, input)}`;

/** YAML before 1.2 read these otherwise, and so do many who write it. */
function meant(expected: string, input: unknown): string {
  if (expected === 'boolean' && typeof input === 'string') {
    if (/^(?:y|yes|on)$/i.test(input)) return '; write true';
    if (/^(?:n|no|off)$/i.test(input)) return '; write false';
  }
  const plain = typeof input === 'number' || typeof input === 'boolean';
  return expected === 'string' && plain ? '; put it in quotes' : '';
}

const words: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
  record: 'a map of keys',
};

const article = (type: string) => words[type] ?? type;

/** Short enough for a message, whatever it is. */
function show(input: unknown): string {
  // As JSON a number beyond all numbers would be null.
  const text = typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? String(input));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const offsetOf = (params: Readonly<Record<string, unknown>> | undefined) =>
  typeof params?.['offset'] === 'number' ? params['offset'] : 0;

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** `rules[3].when: …`. */
export function describeIssue({ path, message }: Issue): string {
  const where = path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
  return where === '' ? message : `${where}: ${message}`;
}
