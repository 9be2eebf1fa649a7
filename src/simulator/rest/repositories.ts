import { GitHubRefusal, notFound, unprocessable } from '../errors.ts';
import type { Commit } from '../git/commit.ts';
import type { ProtectionRecord, RepositoryRecord } from '../model.ts';
import { doerOf } from '../actor.ts';
import { commit } from '../representations/commit.ts';
import { repositoryApi, repositoryHtml } from '../representations/common.ts';
import { fullRepository } from '../representations/repository.ts';
import type { World } from '../world.ts';
import { readAdministration, readContents, readMetadata, writeAdministration } from '../access.ts';
import type { Body } from './body.ts';
import { inRepository, noContent, ok, page, param } from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

const viewer = ({ actor }: RepositoryRequest) =>
  actor.kind === 'user' ? (doerOf(actor)?.account ?? null) : null;

const get = inRepository('GET', '', readMetadata, (request) =>
  ok(fullRepository(request.world, request.repository, viewer(request))),
);

const patch = inRepository('PATCH', '', writeAdministration, async (request) => {
  const { world, repository, body } = request;
  const { settings } = repository;
  const branch = body.optionalText('default_branch');
  if (branch !== undefined) {
    if ((await repository.git.branch(branch)) === null) {
      throw unprocessable('Validation Failed', [
        { resource: 'Repository', field: 'default_branch', code: 'invalid' },
      ]);
    }
    repository.defaultBranch = branch;
    await repository.git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  }
  const description = body.nullableText('description');
  if (description !== undefined) repository.description = description;
  const hidden =
    body.flag('private') ??
    (body.has('visibility') ? body.text('visibility') !== 'public' : repository.private);
  if (hidden !== repository.private && repository.parent !== null) {
    throw unprocessable('Validation Failed', [
      {
        resource: 'Repository',
        field: 'visibility',
        code: 'custom',
        message: 'The visibility of a fork cannot be changed.',
      },
    ]);
  }
  repository.private = hidden;
  repository.archived = body.flag('archived') ?? repository.archived;
  settings.allowMergeCommit = body.flag('allow_merge_commit') ?? settings.allowMergeCommit;
  settings.allowSquashMerge = body.flag('allow_squash_merge') ?? settings.allowSquashMerge;
  settings.allowRebaseMerge = body.flag('allow_rebase_merge') ?? settings.allowRebaseMerge;
  settings.deleteBranchOnMerge =
    body.flag('delete_branch_on_merge') ?? settings.deleteBranchOnMerge;
  repository.updatedAt = world.time();
  return ok(fullRepository(world, repository, viewer(request)));
});

const topics = inRepository('GET', '/topics', readMetadata, (request) =>
  ok({ names: request.repository.topics }),
);

const branches = inRepository('GET', '/branches', readContents, async (request) => {
  const { world, repository } = request;
  const refs = [...(await repository.git.refs('refs/heads'))];
  const wanted = request.query.get('protected');
  const found = refs
    .map(([ref, sha]) => ({ name: ref.slice('refs/heads/'.length), sha }))
    .filter(
      ({ name }) => wanted === null || repository.protections.has(name) === (wanted === 'true'),
    );
  return page(request, found, ({ name, sha }) => ({
    name,
    commit: { sha, url: `${repositoryApi(world, repository)}/commits/${sha}` },
    protected: repository.protections.has(name),
  }));
});

const branch = inRepository('GET', '/branches/{branch+}', readContents, async (request) => {
  const { world, repository } = request;
  const name = param(request, 'branch');
  const sha = await repository.git.branch(name);
  if (sha === null) throw notFound();
  return ok(fullBranch(world, repository, name, await repository.git.requireCommit(sha)));
});

function fullBranch(world: World, repository: RepositoryRecord, name: string, head: Commit) {
  const url = `${repositoryApi(world, repository)}/branches/${name}`;
  const protection = repository.protections.get(name);
  const checks = protection?.requiredChecks?.checks ?? [];
  return {
    name,
    commit: commit(world, repository, head),
    _links: { self: url, html: `${repositoryHtml(world, repository)}/tree/${name}` },
    protected: protection !== undefined,
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level: checks.length === 0 ? 'off' : 'non_admins',
        contexts: checks.map((one) => one.context),
        checks: checks.map((one) => ({ context: one.context, app_id: one.appId })),
      },
    },
    protection_url: `${url}/protection`,
  };
}

const protection = inRepository(
  'GET',
  '/branches/{branch+}/protection',
  readAdministration,
  (request) => ok(shownProtection(request)),
);

function shownProtection(request: RepositoryRequest) {
  const { world, repository } = request;
  const name = param(request, 'branch');
  const found = repository.protections.get(name);
  if (found === undefined) throw branchNotProtected();
  const url = `${repositoryApi(world, repository)}/branches/${name}/protection`;
  return {
    url,
    ...shownReviews(url, found),
    ...shownChecks(url, found),
    enforce_admins: { url: `${url}/enforce_admins`, enabled: found.enforceAdmins },
    required_linear_history: { enabled: found.linearHistory },
    allow_force_pushes: { enabled: found.allowForcePushes },
    allow_deletions: { enabled: found.allowDeletions },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: found.conversations },
    lock_branch: { enabled: found.locked },
    allow_fork_syncing: { enabled: false },
    required_signatures: shownSignatures(url, found),
  };
}

const shownSignatures = (url: string, { signatures }: ProtectionRecord) => ({
  url: `${url}/required_signatures`,
  enabled: signatures,
});

const branchNotProtected = () => new GitHubRefusal(404, 'Branch not protected');

function shownReviews(url: string, found: ProtectionRecord) {
  if (found.requiredReviews === null) return {};
  return {
    required_pull_request_reviews: {
      url: `${url}/required_pull_request_reviews`,
      dismiss_stale_reviews: found.requiredReviews.dismissStale,
      require_code_owner_reviews: found.requiredReviews.codeOwners,
      require_last_push_approval: false,
      required_approving_review_count: found.requiredReviews.count,
    },
  };
}

function shownChecks(url: string, found: ProtectionRecord) {
  if (found.requiredChecks === null) return {};
  const { strict, checks } = found.requiredChecks;
  return {
    required_status_checks: {
      url: `${url}/required_status_checks`,
      strict,
      contexts: checks.map((one) => one.context),
      contexts_url: `${url}/required_status_checks/contexts`,
      checks: checks.map((one) => ({ context: one.context, app_id: one.appId })),
    },
  };
}

const protect = inRepository(
  'PUT',
  '/branches/{branch+}/protection',
  writeAdministration,
  async (request) => {
    const { repository, body } = request;
    const name = param(request, 'branch');
    if ((await repository.git.branch(name)) === null) throw notFound();
    repository.protections.set(name, {
      requiredReviews: readReviews(body.inner('required_pull_request_reviews')),
      requiredChecks: readChecks(body.inner('required_status_checks')),
      enforceAdmins: body.flag('enforce_admins') ?? false,
      linearHistory: body.flag('required_linear_history') ?? false,
      conversations: body.flag('required_conversation_resolution') ?? false,
      // Switched at an address of its own, and left as it is here.
      signatures: repository.protections.get(name)?.signatures ?? false,
      locked: body.flag('lock_branch') ?? false,
      pushers: readPushers(body.inner('restrictions')),
      allowForcePushes: body.flag('allow_force_pushes') ?? false,
      allowDeletions: body.flag('allow_deletions') ?? false,
    });
    return ok(shownProtection(request));
  },
);

function readPushers(body: Body | undefined): ProtectionRecord['pushers'] {
  return body === undefined
    ? null
    : [...(body.texts('users') ?? []), ...(body.texts('apps') ?? [])];
}

function readReviews(body: Body | undefined): ProtectionRecord['requiredReviews'] {
  if (body === undefined) return null;
  return {
    count: body.number('required_approving_review_count') ?? 1,
    dismissStale: body.flag('dismiss_stale_reviews') ?? false,
    codeOwners: body.flag('require_code_owner_reviews') ?? false,
  };
}

function readChecks(body: Body | undefined): ProtectionRecord['requiredChecks'] {
  if (body === undefined) return null;
  const named = (body.texts('contexts') ?? []).map((context) => ({ context, appId: null }));
  const checks = (body.list('checks') ?? []).map((one) => {
    const appId = one.number('app_id') ?? -1;
    return { context: one.text('context'), appId: appId === -1 ? null : appId };
  });
  return { strict: body.flag('strict') ?? false, checks: checks.length > 0 ? checks : named };
}

const unprotect = inRepository(
  'DELETE',
  '/branches/{branch+}/protection',
  writeAdministration,
  (request) => {
    if (!request.repository.protections.delete(param(request, 'branch')))
      throw branchNotProtected();
    return noContent;
  },
);

const signatures = '/branches/{branch+}/protection/required_signatures';

function signaturesOf(request: RepositoryRequest, to?: boolean) {
  const { world, repository } = request;
  const name = param(request, 'branch');
  const found = repository.protections.get(name);
  if (found === undefined) throw branchNotProtected();
  if (to !== undefined) found.signatures = to;
  return shownSignatures(`${repositoryApi(world, repository)}/branches/${name}/protection`, found);
}

const signed = inRepository('GET', signatures, readAdministration, (request) =>
  ok(signaturesOf(request)),
);
const sign = inRepository('POST', signatures, writeAdministration, (request) =>
  ok(signaturesOf(request, true)),
);
const unsign = inRepository('DELETE', signatures, writeAdministration, (request) => {
  signaturesOf(request, false);
  return noContent;
});

export const repositoryRoutes: readonly Route[] = [
  get,
  patch,
  topics,
  branches,
  signed,
  sign,
  unsign,
  protection,
  protect,
  unprotect,
  branch,
];
