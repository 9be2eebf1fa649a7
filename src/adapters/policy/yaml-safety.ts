import {
  isAlias,
  isScalar,
  visit,
  type Alias,
  type Document,
  type Node,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';

/** Something wrong at a place of the text, counted in characters; null: of the text as a whole. */
export interface TextFault {
  readonly offset: number | null;
  readonly message: string;
}

/** A fault of a document; `unfolds` where its data can be had all the same. */
interface StructureFault extends TextFault {
  readonly unfolds: boolean;
}

const maxNesting = 64;
const maxAliases = 100;

/** What is wrong with a text before anything parses it, or null: a recursive parser should not be the first to find out. */
export function textFault(text: string, maxBytes: number): TextFault | null {
  // Characters first, for no text has fewer bytes: a huge one is refused without being encoded.
  const bytes = text.length > maxBytes ? text.length : Buffer.byteLength(text);
  if (bytes > maxBytes)
    return {
      offset: null,
      message: `${bytes} bytes; at most ${maxBytes} are read. Split the file`,
    };
  return foreignCharacter(text) ?? tooDeep(text);
}

/** Characters that show one thing and say another, or are the trace of bytes that were no UTF-8. */
function foreignCharacter(text: string): TextFault | null {
  const offset = text.search(/(?![\t\n\r])\p{Cc}|[\uFFFD\u202A-\u202E\u2066-\u2069]|(?<!^)\uFEFF/u);
  if (offset === -1) return null;
  const code = text.codePointAt(offset) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code === 0xfffd) return { offset, message: 'is no UTF-8 here; save the file as UTF-8' };
  return { offset, message: `holds a character that does not show (${name}); remove it` };
}

/** By brackets alone, also those in quotes: a sound file has nowhere near as many. */
function tooDeep(text: string): TextFault | null {
  const message = `nested deeper than ${maxNesting}`;
  let depth = 0;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text[offset];
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (depth > maxNesting) return { offset, message };
  }
  const offset = text.search(/^ *(?:[-?] +){65}/m);
  return offset === -1 ? null : { offset, message };
}

/**
 * What is wrong with a document that parsed, without turning it into data: keys given twice, keys that mean something to the
 * language this runs in or to older YAML, aliases that hold themselves, too many of them.
 */
export function documentFaults(document: Document.Parsed): readonly StructureFault[] {
  const faults: StructureFault[] = [];
  let aliases = 0;
  visit(document, {
    Map: (_key, map) => {
      faults.push(...keyFaults(map).map((fault) => ({ ...fault, unfolds: true })));
    },
    Alias: (_key, alias, path) => {
      aliases += 1;
      if (holdsItself(alias, document, path.filter(hasAnchor)))
        faults.push({
          offset: startOf(alias),
          message: 'an alias stands inside what it stands for',
          unfolds: false,
        });
    },
  });
  if (aliases > maxAliases)
    faults.push({
      offset: null,
      message: `too many aliases: ${aliases}, of at most ${maxAliases}`,
      unfolds: false,
    });
  return faults;
}

/** The library compares each key with all before it, which took 15 s for 16,000 keys. */
function keyFaults({ items }: YAMLMap): readonly TextFault[] {
  const seen = new Set<unknown>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const { value } = key;
    const at = { offset: startOf(key) };
    const known = seen.has(value);
    seen.add(value);
    if (known) return [{ ...at, message: `the key "${String(value)}" is given twice; keep one` }];
    if (value === '<<')
      return [{ ...at, message: 'merge keys ("<<") are not read; write the keys out' }];
    return value === '__proto__' ? [{ ...at, message: '"__proto__" is no key here' }] : [];
  });
}

const hasAnchor = (node: unknown): node is ParsedNode & { readonly anchor: string } =>
  typeof node === 'object' && node !== null && 'anchor' in node && typeof node.anchor === 'string';

const holdsItself = (alias: Alias, document: Document.Parsed, around: readonly Node[]): boolean => {
  const target = alias.resolve(document);
  return isAlias(target) || (target !== undefined && around.includes(target));
};

const startOf = (node: Node): number | null => node.range?.[0] ?? null;
