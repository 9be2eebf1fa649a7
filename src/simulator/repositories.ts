import { mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CreateRepositoryInput, SimulatorRepository } from './face.ts';
import { isoSeconds } from './git/commit.ts';
import { updateHook } from './git/update-hook.ts';
import { GitRepository } from './git/repository.ts';
import { runGit } from './git/run.ts';
import { serializeTree, type TreeEntry } from './git/tree.ts';
import type { RepositoryRecord } from './model.ts';
import { fullName } from './world.ts';
import type { World } from './world.ts';

const configuration = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[http]
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
  await layOut(directory);
  const git = new GitRepository(directory);
  const defaultBranch =
    input.from !== undefined && !(await isRepository(input.from))
      ? await foundOn(git, input.from, input.defaultBranch ?? 'main')
      : await importFrom(git, input);
  await writeFile(join(directory, 'HEAD'), `ref: refs/heads/${defaultBranch}\n`);
  return { git, defaultBranch };
}

/** As `git init --bare` leaves it (gitrepository-layout), without the process. */
async function layOut(directory: string): Promise<void> {
  for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'hooks'])
    await mkdir(join(directory, folder), { recursive: true });
  await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/main\n');
  await writeFile(join(directory, 'config'), configuration);
  await writeFile(join(directory, 'hooks', 'update'), updateHook, { mode: 0o755 });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const isRepository = async (folder: string): Promise<boolean> =>
  (await exists(join(folder, '.git'))) || (await exists(join(folder, 'HEAD')));

/** One commit of what lies in a folder, whatever it would have git ignore. */
async function foundOn(git: GitRepository, folder: string, branch: string): Promise<string> {
  const by = { name: 'GitHub', email: 'noreply@github.com', date: isoSeconds(new Date()) };
  const tree = (await writeFolder(git, folder)) ?? (await git.write('tree', serializeTree([])));
  const message = 'Initial commit';
  const sha = await git.writeCommit({ tree, parents: [], author: by, committer: by, message });
  const file = join(git.directory, 'refs/heads', branch);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${sha}\n`);
  return branch;
}

/** Null where there is no file in it: git knows no empty folders. */
async function writeFolder(git: GitRepository, folder: string): Promise<string | null> {
  const entries: TreeEntry[] = [];
  for (const found of await readdir(folder, { withFileTypes: true })) {
    const { name } = found;
    const path = join(folder, name);
    if (name === '.git') continue;
    if (found.isDirectory()) {
      const sha = await writeFolder(git, path);
      if (sha !== null) entries.push({ mode: '40000', name, sha });
    } else if (found.isSymbolicLink()) {
      const sha = await git.write('blob', await readlink(path, 'buffer'));
      entries.push({ mode: '120000', name, sha });
    } else if (found.isFile()) {
      const mode = ((await stat(path)).mode & 0o100) === 0 ? '100644' : '100755';
      entries.push({ mode, name, sha: await git.write('blob', await readFile(path)) });
    }
  }
  return entries.length === 0 ? null : git.write('tree', serializeTree(entries));
}

async function importFrom(git: GitRepository, input: CreateRepositoryInput): Promise<string> {
  if (input.from !== undefined) await fetchAll(git.directory, input.from);
  return input.defaultBranch ?? importedDefault(git, input.from);
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
