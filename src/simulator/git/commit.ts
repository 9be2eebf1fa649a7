export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO 8601, UTC, to the second. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

export const isoSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

function parseSignature(line: string): Signature {
  const found = /^(.*?) ?<(.*)> (\d+) [+-]\d{4}$/.exec(line);
  return {
    name: found?.[1] ?? '',
    email: found?.[2] ?? '',
    date: isoSeconds(new Date(Number(found?.[3] ?? 0) * 1000)),
  };
}

export function parseCommit(sha: string, content: Buffer): Commit {
  const text = content.toString();
  const blank = text.indexOf('\n\n');
  const header = text.slice(0, blank < 0 ? text.length : blank);
  const lines = header.split('\n').map((line) => {
    const space = line.indexOf(' ');
    return { key: line.slice(0, space), value: line.slice(space + 1) };
  });
  const first = (key: string) => lines.find((line) => line.key === key)?.value ?? '';
  return {
    sha,
    tree: first('tree'),
    parents: lines.filter((line) => line.key === 'parent').map((line) => line.value),
    author: parseSignature(first('author')),
    committer: parseSignature(first('committer')),
    message: (blank < 0 ? '' : text.slice(blank + 2)).replace(/\n$/, ''),
  };
}

const clean = (text: string): string => text.replace(/[<>\n\0]/g, '').trim();

const serializeSignature = (signature: Signature): string =>
  `${clean(signature.name) || 'unknown'} <${clean(signature.email)}> ${Math.floor(Date.parse(signature.date) / 1000)} +0000`;

export function serializeCommit(commit: Omit<Commit, 'sha'>): Buffer {
  return Buffer.from(
    [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${serializeSignature(commit.author)}`,
      `committer ${serializeSignature(commit.committer)}`,
      '',
      commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
    ].join('\n'),
  );
}
