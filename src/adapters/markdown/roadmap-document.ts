import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfm } from 'micromark-extension-gfm';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type {
  Block,
  HeadingBlock,
  ListItemBlock,
  Outline,
  ParagraphBlock,
  Span,
  TableBlock,
  TableCell,
  TableRow,
} from '../../domain/roadmap/outline.ts';
import type { RoadmapDocument } from '../../ports/roadmap-document.ts';

type Root = ReturnType<typeof fromMarkdown>;
type Node = Root | Root['children'][number];
type NodeOf<T extends Node['type']> = Extract<Node, { type: T }>;

const bom = '\uFEFF';

/** Parses with micromark for positions alone; we never turn a tree back into text, which would rewrite whole documents. */
export function createRoadmapDocument(): RoadmapDocument {
  return { decode, outline };
}

function decode(bytes: Uint8Array): Result<string> {
  if (bytes.includes(0)) {
    return refuse('not_text', 'The file holds zero bytes: save it as UTF-8 text, then try again.');
  }
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return refuse(
      'not_utf8',
      `The file is not UTF-8 (near byte ${firstBadByte(bytes)}): save it as UTF-8, then try again.`,
    );
  }
}

/** Found by halves: the longest prefix that still decodes when more may follow. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decodesSoFar(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function decodesSoFar(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A byte order mark hides a heading or a front matter on the first line, so it is taken off and all offsets moved back. */
function outline(text: string): Outline {
  const shift = text.startsWith(bom) ? bom.length : 0;
  const tree = fromMarkdown(text.slice(shift), {
    extensions: [gfm(), frontmatter(['yaml', 'toml'])],
    mdastExtensions: [gfmFromMarkdown(), frontmatterFromMarkdown(['yaml', 'toml'])],
  });
  return { text, blocks: blocksBelow(tree, { text, shift }) };
}

interface Source {
  readonly text: string;
  readonly shift: number;
}

function blocksBelow(node: Node, source: Source): Block[] {
  switch (node.type) {
    case 'heading':
      return present(headingBlock(node, source));
    case 'table':
      return present(tableBlock(node, source));
    case 'paragraph':
      return present(paragraphBlock(node, source));
    case 'listItem':
      return [...present(listItemBlock(node, source)), ...afterFirstParagraph(node, source)];
    default:
      return 'children' in node ? node.children.flatMap((child) => blocksBelow(child, source)) : [];
  }
}

function afterFirstParagraph(item: NodeOf<'listItem'>, source: Source): Block[] {
  const rest = item.children[0]?.type === 'paragraph' ? item.children.slice(1) : item.children;
  return rest.flatMap((child) => blocksBelow(child, source));
}

function headingBlock(node: NodeOf<'heading'>, source: Source): HeadingBlock | null {
  const content = contentOf(node, source);
  if (content === null) return null;
  return { kind: 'heading', level: node.depth, line: lineOf(node), content, text: plainText(node) };
}

function paragraphBlock(node: NodeOf<'paragraph'>, source: Source): ParagraphBlock | null {
  const content = contentOf(node, source);
  return content === null ? null : { kind: 'paragraph', line: lineOf(node), content };
}

function listItemBlock(node: NodeOf<'listItem'>, source: Source): ListItemBlock | null {
  const [paragraph] = node.children;
  if (paragraph?.type !== 'paragraph') return null;
  const content = contentOf(paragraph, source);
  if (content === null) return null;
  const [first] = paragraph.children;
  return {
    kind: 'list_item',
    line: lineOf(paragraph),
    checkBox: typeof node.checked === 'boolean' ? checkBoxOf(node, content, source) : null,
    content,
    text: plainText(paragraph),
    lead: first?.type === 'strong' ? plainText(first) : '',
  };
}

function checkBoxOf(node: NodeOf<'listItem'>, content: Span, source: Source): Span | null {
  const start = (node.position?.start.offset ?? 0) + source.shift;
  const found = /\[[ \txX]\]/.exec(source.text.slice(start, content.start));
  if (found === null) return null;
  const inside = start + found.index + 1;
  return { start: inside, end: inside + 1 };
}

function tableBlock(node: NodeOf<'table'>, source: Source): TableBlock | null {
  const [header, ...rows] = node.children.map((row): TableRow => ({
    line: lineOf(row),
    cells: row.children.map((cell): TableCell => ({
      whole: spanOf(cell, source),
      content: contentOf(cell, source),
      text: plainText(cell),
    })),
  }));
  return header === undefined ? null : { kind: 'table', line: header.line, header, rows };
}

interface Positioned {
  readonly position?: Root['position'];
}

function spanOf({ position }: Positioned, { shift }: Source): Span {
  return {
    start: (position?.start.offset ?? 0) + shift,
    end: (position?.end.offset ?? 0) + shift,
  };
}

function contentOf(
  { children }: { readonly children: readonly Positioned[] },
  source: Source,
): Span | null {
  const first = children[0];
  const last = children.at(-1);
  if (first === undefined || last === undefined) return null;
  return { start: spanOf(first, source).start, end: spanOf(last, source).end };
}

function lineOf({ position }: Positioned): number {
  return position?.start.line ?? 0;
}

function plainText(node: object): string {
  if ('value' in node && typeof node.value === 'string') return node.value;
  if ('alt' in node && typeof node.alt === 'string') return node.alt;
  if ('children' in node && Array.isArray(node.children)) {
    return node.children.map((child: object) => plainText(child)).join('');
  }
  return '';
}

function present<T>(value: T | null): T[] {
  return value === null ? [] : [value];
}
