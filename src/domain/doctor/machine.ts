import type { Result } from '../result.ts';
import { fine, wrong, type Finding } from './finding.ts';

/** What a program answers to `--version`, or null where there is none. */
export interface Programs {
  readonly node: string;
  readonly git: string | null;
  readonly ripgrep: string | null;
}

/** `merge-tree --write-tree` came with it, on which a survived push and the reading of a merge rest. */
const leastGit = [2, 38] as const;

export function judgePrograms({ node, git, ripgrep }: Programs): readonly Finding[] {
  return [
    fine('machine', 'node', node),
    judgeGit(git),
    ripgrep === null
      ? wrong(
          'machine',
          'advice',
          'ripgrep',
          'is not there: agents search without it, more slowly',
          'apt-get install ripgrep',
        )
      : fine('machine', 'ripgrep', ripgrep),
  ];
}

function judgeGit(git: string | null): Finding {
  if (git === null) return wrong('machine', 'fault', 'git', 'is not there', 'apt-get install git');
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/u.exec(git) ?? []).slice(1).map(Number);
  const old = major < leastGit[0] || (major === leastGit[0] && minor < leastGit[1]);
  return old
    ? wrong(
        'machine',
        'fault',
        'git',
        `${git} is too old: it cannot merge without a work tree`,
        `install git ${leastGit.join('.')} or newer`,
      )
    : fine('machine', 'git', git);
}

export interface SandboxFacts {
  readonly kind: string;
  readonly reason: string;
}

export function judgeSandbox({ kind, reason }: SandboxFacts): Finding {
  if (kind === 'unavailable')
    return wrong(
      'sandbox',
      'fault',
      'sandbox',
      reason,
      'apt-get install bubblewrap (and let users have namespaces of their own); until then no contribution is worked on, the rest goes on',
    );
  if (kind === 'unsafe-host')
    return wrong(
      'sandbox',
      'advice',
      'sandbox',
      'steps run on this machine without any: what a repository runs can read and change all that Assent can',
      'apt-get install bubblewrap, and unset what chose the host',
    );
  return fine('sandbox', 'sandbox', `${kind}: ${reason}`);
}

export interface DatabaseFacts {
  readonly place: string;
  readonly shared: boolean;
}

export function judgeDatabase(database: Result<DatabaseFacts>): Finding {
  if (!database.ok) {
    const { code, message } = database.refusal;
    // Who else would hold it but the service that runs?
    if (code === 'database.in_use') return fine('database', 'database', message);
    return wrong(
      'database',
      'fault',
      'database',
      message,
      'mend DATABASE_URL and the rights of its role, or unset it for the embedded database in ASSENT_DATA',
    );
  }
  const { place, shared } = database.value;
  return fine(
    'database',
    'database',
    shared ? `PostgreSQL at ${place} answers` : `embedded, in ${place}`,
  );
}

export interface ModelFacts {
  readonly name: string;
  readonly base_url: string;
  /** What it was asked live; null: it was not. A value: the model that answered. */
  readonly answer: Result<string> | null;
}

export function judgeModel(model: ModelFacts | null): Finding {
  if (model === null)
    return wrong(
      'model',
      'advice',
      'model',
      'none is set: agents that need one wait',
      'set OPENAI_API_KEY or OPENAI_BASE_URL, and ASSENT_MODEL',
    );
  const { name, base_url: base, answer } = model;
  if (answer === null)
    return fine('model', 'model', `${name} at ${base}; not asked (--live asks it one question)`);
  return answer.ok
    ? fine('model', 'model', `${answer.value} answers at ${base}`)
    : wrong(
        'model',
        'fault',
        'model',
        `${name} at ${base}: ${answer.refusal.message}`,
        'look at OPENAI_BASE_URL, OPENAI_API_KEY and ASSENT_MODEL',
      );
}
