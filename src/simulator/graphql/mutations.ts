import { GraphQLRefusal } from '../errors.ts';
import { commitFiles, isSafePath } from '../operations/commits.ts';
import type { FileWrite } from '../operations/commits.ts';
import { setDraft } from '../operations/pulls.ts';
import { moveRefs } from '../operations/refs.ts';
import { decodeBase64 } from '../git/base64.ts';
import { isSafeRefName } from '../git/repository.ts';
import type { RepositoryRecord } from '../model.ts';
import { sayOnPulls, writeContents } from '../access.ts';
import {
  doerIn,
  pullByNode,
  refByNode,
  repositoryByNode,
  repositoryNamed,
  requireIn,
} from './context.ts';
import type { GraphQLContext } from './context.ts';
import { commitObject, refObject } from './git-objects.ts';
import { queueMutations } from './merge-queue.ts';
import { minimizeComment, type MinimizeInput } from './minimize.ts';
import { pullObject } from './objects.ts';
import { settleThread, type ThreadInput } from './review-threads.ts';

interface CommitInput {
  readonly clientMutationId?: string | null;
  readonly branch: {
    readonly id?: string | null;
    readonly repositoryNameWithOwner?: string | null;
    readonly branchName?: string | null;
  };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string | null };
  readonly fileChanges?: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[] | null;
    readonly deletions?: readonly { readonly path: string }[] | null;
  } | null;
}

interface PullInput {
  readonly pullRequestId: string;
  readonly clientMutationId?: string | null;
}

interface RefInput {
  readonly repositoryId: string;
  readonly name: string;
  readonly oid: string;
  readonly clientMutationId?: string | null;
}

export const mutations = (context: GraphQLContext) => ({
  createCommitOnBranch: ({ input }: { input: CommitInput }) => createCommitOnBranch(context, input),
  markPullRequestReadyForReview: ({ input }: { input: PullInput }) => draft(context, input, false),
  convertPullRequestToDraft: ({ input }: { input: PullInput }) => draft(context, input, true),
  createRef: ({ input }: { input: RefInput }) => createRef(context, input),
  minimizeComment: ({ input }: { input: MinimizeInput }) => minimizeComment(context, input),
  resolveReviewThread: ({ input }: { input: ThreadInput }) => settleThread(context, input, true),
  unresolveReviewThread: ({ input }: { input: ThreadInput }) => settleThread(context, input, false),
  ...queueMutations(context),
});

function branchOf(
  context: GraphQLContext,
  { id, repositoryNameWithOwner, branchName }: CommitInput['branch'],
): { repository: RepositoryRecord; branch: string } {
  if (typeof id === 'string') {
    const { repository, ref } = refByNode(context, id);
    return { repository, branch: ref.replace(/^refs\/heads\//, '') };
  }
  const [owner = '', name = ''] = (repositoryNameWithOwner ?? '').split('/');
  if (owner === '' || name === '' || typeof branchName !== 'string') {
    throw new GraphQLRefusal(
      'UNPROCESSABLE',
      'A branch must be given by its id, or by repositoryNameWithOwner and branchName.',
    );
  }
  return {
    repository: repositoryNamed(context, owner, name),
    branch: branchName.replace(/^refs\/heads\//, ''),
  };
}

async function createCommitOnBranch(context: GraphQLContext, input: CommitInput) {
  const { world } = context;
  const { repository, branch } = branchOf(context, input.branch);
  requireIn(context, repository, writeContents, 'CreateCommitOnBranch');
  const files = filesOf(input);
  // GitHub's commit by this mutation needs a branch that is there: it makes none.
  if ((await repository.git.branch(branch)) === null) {
    throw new GraphQLRefusal('NOT_FOUND', `Could not resolve to a branch named "${branch}".`);
  }
  const { headline, body } = input.message;
  const outcome = await commitFiles(world, repository, doerIn(context), {
    branch,
    expected: input.expectedHeadOid,
    files,
    message: typeof body === 'string' && body !== '' ? `${headline}\n\n${body}` : headline,
  });
  if (outcome.kind === 'stale') {
    throw new GraphQLRefusal(
      'STALE_DATA',
      `Expected branch to point to "${input.expectedHeadOid}" but it did not.  Pull and try again.`,
    );
  }
  if (outcome.kind === 'protected') throw new GraphQLRefusal('FORBIDDEN', outcome.message);
  const commit = await repository.git.requireCommit(outcome.sha);
  return {
    clientMutationId: input.clientMutationId ?? null,
    commit: commitObject(context, repository, commit),
    ref: refObject(context, repository, `refs/heads/${branch}`, outcome.sha),
  };
}

function filesOf({ fileChanges }: CommitInput): FileWrite[] {
  const writes = (fileChanges?.additions ?? []).map(({ path, contents }) => {
    const content = decodeBase64(contents);
    if (content === null) {
      throw new GraphQLRefusal('UNPROCESSABLE', `The contents of ${path} are not valid Base64.`);
    }
    return { path, content };
  });
  const deletions = (fileChanges?.deletions ?? []).map(({ path }) => ({ path, content: null }));
  const files: FileWrite[] = [...deletions, ...writes];
  const seen = new Set<string>();
  for (const { path } of files) {
    if (!isSafePath(path)) {
      throw new GraphQLRefusal('UNPROCESSABLE', `A path was requested which is invalid: ${path}`);
    }
    if (seen.has(path)) {
      throw new GraphQLRefusal('UNPROCESSABLE', `A path was requested more than once: ${path}`);
    }
    seen.add(path);
  }
  return files;
}

function draft(context: GraphQLContext, input: PullInput, to: boolean) {
  const { repository, issue } = pullByNode(context, input.pullRequestId);
  const own = issue.author.id === doerIn(context).account.id;
  const what = to ? 'ConvertPullRequestToDraft' : 'MarkPullRequestReadyForReview';
  requireIn(context, repository, { ...sayOnPulls, role: own ? 'read' : 'write' }, what);
  setDraft(context.world, repository, doerIn(context), issue, to);
  return {
    clientMutationId: input.clientMutationId ?? null,
    pullRequest: pullObject(context, repository, issue),
  };
}

async function createRef(context: GraphQLContext, input: RefInput) {
  const repository = repositoryByNode(context, input.repositoryId);
  requireIn(context, repository, writeContents, 'CreateRef');
  if (!/^refs\/(heads|tags)\/./.test(input.name) || !isSafeRefName(input.name)) {
    throw new GraphQLRefusal('UNPROCESSABLE', `${input.name} is not a valid ref name.`);
  }
  if ((await repository.git.commit(input.oid)) === null) {
    throw new GraphQLRefusal('UNPROCESSABLE', `${input.oid} is not a commit of this repository.`);
  }
  const { world } = context;
  const moved = await world.exclusive(repository, () =>
    moveRefs(world, repository, doerIn(context), [
      { ref: input.name, before: null, after: input.oid },
    ]),
  );
  if (!moved) {
    throw new GraphQLRefusal(
      'UNPROCESSABLE',
      `A ref named "${input.name}" already exists in the repository.`,
    );
  }
  return {
    clientMutationId: input.clientMutationId ?? null,
    ref: refObject(context, repository, input.name, input.oid),
  };
}
