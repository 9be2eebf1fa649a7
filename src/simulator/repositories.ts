import { appendFile, cp, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateRepositoryInput, SimulatorRepository } from './face.ts';
import { updateHook } from './git/update-hook.ts';
import { GitRepository } from './git/repository.ts';
import { runGit } from './git/run.ts';
import type { RepositoryRecord } from './model.ts';
import { fullName } from './world.ts';
import type { World } from './world.ts';

const configuration = `[http]
	receivepack = true
[receive]
	# A collection in the middle of a push would move objects under our reader.
	autogc = false
	fsckObjects = true
	denyDeleteCurrent = warn
[gc]
	auto = 0
[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
`;

export const nameForm = /^[\w.-]{1,100}$/;

/** A bare repository: empty, a copy of `from`, or one commit of the folder `from`. */
export async function makeGitRepository(
  world: World,
  input: CreateRepositoryInput,
): Promise<{ git: GitRepository; defaultBranch: string }> {
  if (!nameForm.test(input.owner) || !nameForm.test(input.name) || /^\.+$/.test(input.name)) {
    throw new RangeError(`${input.owner}/${input.name} is not a name GitHub would take.`);
  }
  const directory = join(world.directory, input.owner, `${input.name}.git`);
  await mkdir(directory, { recursive: true });
  await runGit(directory, ['init', '--quiet', '--bare', '--template=', '.']);
  await appendFile(join(directory, 'config'), configuration);
  await mkdir(join(directory, 'hooks'), { recursive: true });
  await writeFile(join(directory, 'hooks', 'update'), updateHook, { mode: 0o755 });
  if (input.from !== undefined)
    await importInto(directory, input.from, input.defaultBranch ?? 'main');
  const git = new GitRepository(directory);
  const defaultBranch = input.defaultBranch ?? (await importedDefault(git, input.from));
  await git.run(['symbolic-ref', 'HEAD', `refs/heads/${defaultBranch}`]);
  return { git, defaultBranch };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function importInto(directory: string, from: string, branch: string): Promise<void> {
  const isGit = (await exists(join(from, '.git'))) || (await exists(join(from, 'HEAD')));
  if (isGit) {
    await fetchAll(directory, from);
    return;
  }
  const copy = await mkdtemp(join(tmpdir(), 'simulator-import-'));
  try {
    await cp(from, copy, { recursive: true });
    await runGit(copy, ['init', '--quiet', '--template=', `--initial-branch=${branch}`]);
    await runGit(copy, ['add', '--all', '--force']);
    await runGit(copy, ['commit', '--quiet', '--allow-empty', '--message', 'Initial commit']);
    await fetchAll(directory, copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const fetchAll = (directory: string, from: string) =>
  runGit(directory, [
    // The import is the user's own checkout, which may belong to somebody else on this machine.
    '-c',
    'safe.directory=*',
    'fetch',
    '--quiet',
    from,
    '+refs/heads/*:refs/heads/*',
    '+refs/tags/*:refs/tags/*',
  ]);

async function importedDefault(git: GitRepository, from: string | undefined): Promise<string> {
  const branches = [...(await git.refs('refs/heads')).keys()].map((ref) =>
    ref.slice('refs/heads/'.length),
  );
  if (from !== undefined && branches.length > 0) {
    const head = await runGit(from, ['-c', 'safe.directory=*', 'symbolic-ref', '--short', 'HEAD'], {
      accept: [0, 1, 128],
    });
    const current = head.stdout.toString().trim();
    if (branches.includes(current)) return current;
  }
  return branches.find((one) => one === 'main' || one === 'master') ?? branches[0] ?? 'main';
}

export interface NewRepository extends Pick<
  RepositoryRecord,
  'owner' | 'name' | 'private' | 'description' | 'defaultBranch' | 'git' | 'roles'
> {
  readonly parent: RepositoryRecord | null;
}

/** Nothing in it yet but its code. */
export function newRecord(world: World, { parent, ...given }: NewRepository): RepositoryRecord {
  const now = world.time();
  const id = world.id();
  return {
    ...given,
    id,
    network: parent?.network ?? id,
    parent: parent?.id ?? null,
    homepage: null,
    archived: false,
    topics: [],
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    settings: {
      allowMergeCommit: true,
      allowSquashMerge: true,
      allowRebaseMerge: true,
      deleteBranchOnMerge: false,
    },
    labels: new Map(),
    milestones: new Map(),
    issues: new Map(),
    comments: new Map(),
    events: [],
    checkSuites: [],
    checkRuns: new Map(),
    statuses: [],
    protections: new Map(),
    rulesets: [],
    queues: new Map(),
    nextNumber: 1,
  };
}

export const shownRepository = (world: World, record: RepositoryRecord): SimulatorRepository => ({
  id: record.id,
  owner: record.owner.login,
  name: record.name,
  fullName: fullName(record),
  defaultBranch: record.defaultBranch,
  cloneUrl: `${world.url}/${fullName(record)}.git`,
  directory: record.git.directory,
});
