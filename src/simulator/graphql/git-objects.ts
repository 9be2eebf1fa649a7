import type { Commit } from '../git/commit.ts';
import type { GitObject } from '../git/objects.ts';
import { isDirectory } from '../git/tree.ts';
import type { Account, PullIssue, RepositoryRecord } from '../model.ts';
import { accountOfEmail } from '../representations/commit.ts';
import { nodeId, repositoryHtml } from '../representations/common.ts';
import { accountNodeId } from '../representations/user.ts';
import { connection } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import type { GraphQLContext } from './context.ts';
import { rollup, suiteObject } from './checks.ts';

/** A GraphQL `Actor`: Bots are known there without their brackets. */
export function actorObject({ world }: GraphQLContext, account: Account) {
  const login = account.type === 'Bot' ? account.login.replace(/\[bot\]$/, '') : account.login;
  return {
    __typename: account.type,
    id: accountNodeId(account),
    databaseId: account.id,
    login,
    name: account.name,
    email: '',
    url: `${world.url}/${login}`,
    resourcePath: `/${login}`,
    avatarUrl: `${world.url}/avatars/${account.id}`,
  };
}

export function refObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  ref: string,
  sha: string,
) {
  const [, kind = '', ...rest] = ref.split('/');
  return {
    __typename: 'Ref',
    id: nodeId('ref', `${repository.id}:${ref}`),
    name: rest.join('/'),
    prefix: `refs/${kind}/`,
    repository: () => repositoryRef.make(context, repository),
    target: async () => {
      const object = await repository.git.object(sha);
      return object === null ? null : gitObject(context, repository, object);
    },
  };
}

/** `objects` and `queries` need each other's repository; the one is given to the other here. */
export const repositoryRef: {
  make: (context: GraphQLContext, repository: RepositoryRecord) => unknown;
} = {
  make: () => {
    throw new Error('queries.ts has not been loaded.');
  },
};

/** As `repositoryRef`, for a pull request inside what is itself inside one. */
export const pullRef: {
  make: (context: GraphQLContext, repository: RepositoryRecord, issue: PullIssue) => unknown;
} = {
  make: () => {
    throw new Error('objects.ts has not been loaded.');
  },
};

export async function gitObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  object: GitObject,
) {
  const common = {
    id: nodeId('commit', object.sha),
    oid: object.sha,
    abbreviatedOid: object.sha.slice(0, 7),
    commitUrl: `${repositoryHtml(context.world, repository)}/commit/${object.sha}`,
    repository: () => repositoryRef.make(context, repository),
  };
  if (object.type === 'commit') {
    return commitObject(context, repository, await repository.git.requireCommit(object.sha));
  }
  if (object.type === 'tree') {
    return {
      ...common,
      __typename: 'Tree',
      entries: async () =>
        (await repository.git.tree(object.sha)).map((entry) => ({
          name: entry.name,
          path: entry.name,
          type: isDirectory(entry) ? 'tree' : 'blob',
          mode: Number.parseInt(entry.mode, 8),
          oid: entry.sha,
          object: async () => {
            const inner = await repository.git.object(entry.sha);
            return inner === null ? null : gitObject(context, repository, inner);
          },
        })),
    };
  }
  const isBinary = object.content.includes(0);
  return {
    ...common,
    __typename: object.type === 'tag' ? 'Tag' : 'Blob',
    byteSize: object.content.length,
    isBinary,
    isTruncated: false,
    text: isBinary ? null : object.content.toString(),
  };
}

export function commitObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  commit: Commit,
) {
  const [headline = '', ...rest] = commit.message.split('\n');
  const person = (signature: Commit['author']) => {
    const account = accountOfEmail(context.world, signature.email);
    return {
      name: signature.name,
      email: signature.email,
      date: signature.date,
      // A Bot is no `User`, so GitHub says null for it here.
      user: account?.type === 'User' ? actorObject(context, account) : null,
    };
  };
  return {
    __typename: 'Commit',
    id: nodeId('commit', commit.sha),
    oid: commit.sha,
    abbreviatedOid: commit.sha.slice(0, 7),
    url: `${repositoryHtml(context.world, repository)}/commit/${commit.sha}`,
    commitUrl: `${repositoryHtml(context.world, repository)}/commit/${commit.sha}`,
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    author: person(commit.author),
    committer: person(commit.committer),
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    repository: () => repositoryRef.make(context, repository),
    tree: async () => {
      const object = await repository.git.object(commit.tree);
      return object === null ? null : gitObject(context, repository, object);
    },
    parents: async (args: ConnectionArguments) => {
      const parents = await Promise.all(
        commit.parents.map((sha) => repository.git.requireCommit(sha)),
      );
      return connection('parents', parents, args, (one) => commitObject(context, repository, one));
    },
    history: async (args: ConnectionArguments) => {
      const shas = await repository.git.revisions(commit.sha, []);
      return connection('history', shas, args, async (sha) =>
        commitObject(context, repository, await repository.git.requireCommit(sha)),
      );
    },
    statusCheckRollup: () => rollup(context, repository, commit.sha),
    checkSuites: (args: ConnectionArguments) =>
      connection(
        'checkSuites',
        repository.checkSuites.filter((one) => one.headSha === commit.sha),
        args,
        (one) => suiteObject(context, repository, one),
      ),
  };
}
