import type { GitRepository } from './repository.ts';

/**
 * The answer to protocol 2's `ls-refs` (gitprotocol-v2) where branches and pull requests alone are asked for: what each fetch
 * begins with and most end with. Null for everything else, which is git's: HEAD, tags and whatever git learns to ask.
 */
export async function answerLsRefs(git: GitRepository, request: Buffer): Promise<Buffer | null> {
  const lines = packetLines(request);
  if (lines?.[0] !== 'command=ls-refs') return null;
  const asked = lines.slice(lines.indexOf(delimiter) + 1);
  const prefixes = asked
    .filter((line) => line.startsWith('ref-prefix '))
    .map((line) => line.slice('ref-prefix '.length));
  const known = asked.every((line) => /^(peel|symrefs|unborn|ref-prefix .*)$/.test(line));
  const plain = prefixes.every((prefix) => /^refs\/(heads|pull)\//.test(prefix));
  if (!known || !plain || prefixes.length === 0) return null;
  const refs = [...(await git.refs())].filter(([ref]) =>
    prefixes.some((one) => ref.startsWith(one)),
  );
  return Buffer.from(`${refs.map(([ref, sha]) => packetLine(`${sha} ${ref}\n`)).join('')}0000`);
}

/** Stands for the packet that divides capabilities from arguments; no line can be it. */
const delimiter = '\n0001';

/** Up to the flush that ends a request; null where it is none. */
function packetLines(request: Buffer): string[] | null {
  const lines: string[] = [];
  for (let at = 0; ;) {
    const length = Number.parseInt(request.toString('latin1', at, at + 4), 16);
    if (length === 0) return lines;
    if (length === 1) {
      lines.push(delimiter);
      at += 4;
    } else if (length > 4 && at + length <= request.length) {
      lines.push(request.toString('utf8', at + 4, at + length).replace(/\n$/, ''));
      at += length;
    } else return null;
  }
}

const packetLine = (text: string): string =>
  `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, '0')}${text}`;
