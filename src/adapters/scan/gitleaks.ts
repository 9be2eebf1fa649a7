import { execFile } from 'node:child_process';
import { access, constants, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, relative, sep } from 'node:path';
import { z } from 'zod';
import type { SecretHit, SecretProgram, SecretProgramAnswer } from '../../ports/scan.ts';

const patienceMs = 300_000;

/** What of its report is read; it holds more, some of it secret. */
const findings = z.array(
  z.object({
    RuleID: z.string(),
    Description: z.string().optional(),
    File: z.string(),
    StartLine: z.number(),
    StartColumn: z.number().optional(),
  }),
);

/** Its own rules and nothing of the folder's: a `.gitleaks.toml` in there could allow everything. */
const config = '[extend]\nuseDefault = true\n';

/** The program `gitleaks` (8.16 or later) where it is on PATH; never brought along. */
export function createGitleaks(program = 'gitleaks'): SecretProgram {
  return {
    name: 'gitleaks',
    scan: async (root) => {
      if (!(await isOnPath(program))) return { kind: 'absent' };
      const folder = await mkdtemp(join(tmpdir(), 'assent-scan-'));
      try {
        return await scan(program, root, folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function isOnPath(program: string): Promise<boolean> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = program.includes(sep) ? [program] : folders.map((folder) => join(folder, program));
  const found = await Promise.allSettled(places.map((place) => access(place, constants.X_OK)));
  return found.some(({ status }) => status === 'fulfilled');
}

async function scan(program: string, root: string, folder: string): Promise<SecretProgramAnswer> {
  const [configPath, report] = [join(folder, 'config.toml'), join(folder, 'report.json')];
  await writeFile(configPath, config);
  const help = await run(program, ['--help']);
  if (help.kind === 'failed') return help;
  const asked = knowsFolders(help.said) ? ofFolder(root, folder) : ofSource(root);
  const scanned = await run(program, [
    ...asked, '--config', configPath, '--report-format', 'json', '--report-path', report,
    '--exit-code', '0', '--no-banner', '--log-level', 'error', '--max-target-megabytes', '32',
  ]); // prettier-ignore
  if (scanned.kind === 'failed') return scanned;
  try {
    const found = findings.parse(JSON.parse(await readFile(report, 'utf8')));
    return { kind: 'found', hits: byPath(root, found) };
  } catch {
    return { kind: 'failed', why: 'its report is not as expected' };
  }
}

/** Since 8.19; Debian has an older one, which also heeds the folder's `.gitleaksignore`. */
const knowsFolders = (help: string): boolean => /^\s+dir(?:ectory)?\s/m.test(help);

const ofFolder = (root: string, empty: string): readonly string[] => [
  'dir',
  root,
  '--gitleaks-ignore-path',
  empty,
  '--redact=100',
];

const ofSource = (root: string): readonly string[] => [
  'detect',
  '--no-git',
  '--source',
  root,
  '--redact',
];

type Ran =
  | { readonly kind: 'ran'; readonly said: string }
  | Extract<SecretProgramAnswer, { kind: 'failed' }>;

function run(program: string, args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
  const options = {
    cwd: '/',
    env,
    timeout: patienceMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 20,
  } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error, said) => {
      if (error === null) resolve({ kind: 'ran', said });
      else
        resolve({
          kind: 'failed',
          why: error.killed ? `no answer in ${patienceMs / 1000} s` : `exit ${error.code}`,
        });
    });
  });
}

function byPath(
  root: string,
  found: z.infer<typeof findings>,
): ReadonlyMap<string, readonly SecretHit[]> {
  const hits = new Map<string, SecretHit[]>();
  for (const { RuleID, File, StartLine, StartColumn } of found) {
    const path = (File.startsWith(sep) ? relative(root, File) : File).split(sep).join('/');
    const list = hits.get(path) ?? [];
    list.push({
      rule: `gitleaks:${RuleID}`,
      title: `${RuleID} (gitleaks)`,
      line: StartLine,
      column: StartColumn ?? 1,
      excerpt: '…',
      confidence: 'medium',
    });
    hits.set(path, list);
  }
  return hits;
}
