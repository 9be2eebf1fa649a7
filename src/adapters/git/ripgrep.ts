import { spawn } from 'node:child_process';
import type { SearchHit } from '../../ports/workspace.ts';

/**
 * No configuration, no link followed, nothing decompressed or preprocessed. What the repository ignores is left out as git would
 * leave it out; `.ignore` and `.rgignore`, which a step may have planted, are not obeyed.
 */
const options: readonly string[] = [
  '--no-config',
  '--json',
  '--fixed-strings',
  '--hidden',
  '--no-follow',
  '--no-mmap',
  '--no-require-git',
  '--no-ignore-dot',
  '--no-ignore-global',
  '--no-ignore-parent',
  '--no-ignore-exclude',
  '--sort=path',
  '--glob=!.git',
  '--max-filesize=1M',
  '--max-count=200',
];

const maxBytes = 8 * 1024 * 1024;
const timeoutMs = 20_000;

/** Lines that hold `text`, in the order of their paths; null where ripgrep is not on PATH or did not end in time. */
export async function ripgrep(root: string, text: string): Promise<readonly SearchHit[] | null> {
  const child = spawn('rg', [...options, '--regexp', text, '.'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) child.kill('SIGKILL');
    else chunks.push(chunk);
  });
  const ended = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    // 1: nothing found; 2: a file could not be read, which says nothing of the others.
    child.once('close', (code) => resolve(code !== null || bytes > maxBytes));
  });
  if (!ended) return null;
  const lines = Buffer.concat(chunks).toString('utf8').split('\n');
  return lines.flatMap(hitIn).toSorted(byPlace);
}

const byPlace = (a: SearchHit, b: SearchHit): number =>
  a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1;

interface Message {
  readonly type: string;
  readonly data: {
    readonly path?: { readonly text?: string };
    readonly lines?: { readonly text?: string };
    readonly line_number?: number | null;
  };
}

/** A name or a line that is no UTF-8 comes as base64, and cannot be shown; the last line may be cut. */
function hitIn(line: string): readonly SearchHit[] {
  if (!line.startsWith('{"type":"match"') || !line.endsWith('}')) return [];
  const { path, lines, line_number } = (JSON.parse(line) as Message).data;
  if (path?.text === undefined || lines?.text === undefined || line_number == null) return [];
  return [
    {
      path: path.text.replace(/^\.\//, ''),
      line: line_number,
      text: lines.text.replace(/\r?\n$/, '').slice(0, 300),
    },
  ];
}
