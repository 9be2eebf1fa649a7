import { effectiveRole, roleReaches } from '../permissions.ts';
import type { Account, RepositoryRecord } from '../model.ts';
import type { World } from '../world.ts';
import { forksOf, fullName, parentOf, sourceOf } from '../world.ts';
import { nodeId, repositoryApi, repositoryHtml } from './common.ts';
import type { Json } from './common.ts';
import { user } from './user.ts';

/** OpenAPI `minimal-repository`, which is also what stands inside other resources and in webhooks. */
export function repository(world: World, record: RepositoryRecord): Json {
  const url = repositoryApi(world, record);
  const html = repositoryHtml(world, record);
  const open = [...record.issues.values()].filter((issue) => issue.state === 'open').length;
  const forks = forksOf(world, record).length;
  return {
    id: record.id,
    node_id: nodeId('repository', record.id),
    name: record.name,
    full_name: fullName(record),
    private: record.private,
    owner: user(world, record.owner),
    html_url: html,
    description: record.description,
    fork: record.parent !== null,
    url,
    ...templateUrls(url),
    git_url: html.replace(/^http/, 'git') + '.git',
    ssh_url: `git@127.0.0.1:${fullName(record)}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    pushed_at: record.pushedAt,
    homepage: record.homepage,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    // GitHub turns them off where it forks.
    has_issues: record.parent === null,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    mirror_url: null,
    archived: record.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: record.topics,
    visibility: record.private ? 'private' : 'public',
    forks,
    open_issues: open,
    watchers: 0,
    default_branch: record.defaultBranch,
  };
}

function templateUrls(url: string): Json {
  return {
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  };
}

/** OpenAPI `repository` as lists show it to somebody; `viewer` null for an App. */
export function listedRepository(
  world: World,
  record: RepositoryRecord,
  viewer: Account | null,
): Json {
  return {
    ...repository(world, record),
    permissions: permissionFlags(record, viewer),
    temp_clone_token: '',
    allow_merge_commit: record.settings.allowMergeCommit,
    allow_squash_merge: record.settings.allowSquashMerge,
    allow_rebase_merge: record.settings.allowRebaseMerge,
    allow_auto_merge: false,
    delete_branch_on_merge: record.settings.deleteBranchOnMerge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: 'COMMIT_MESSAGES',
    squash_merge_commit_title: 'COMMIT_OR_PR_TITLE',
    merge_commit_message: 'PR_TITLE',
    merge_commit_title: 'MERGE_MESSAGE',
  };
}

/** OpenAPI `full-repository`. */
export function fullRepository(
  world: World,
  record: RepositoryRecord,
  viewer: Account | null,
): Json {
  const [parent, source] = [parentOf(world, record), sourceOf(world, record)];
  return {
    ...listedRepository(world, record, viewer),
    ...(parent === null ? {} : { parent: listedRepository(world, parent, viewer) }),
    ...(source === null ? {} : { source: listedRepository(world, source, viewer) }),
    ...(record.owner.type === 'Organization' ? { organization: user(world, record.owner) } : {}),
    network_count: world.repositories.filter((one) => one.network === record.network).length - 1,
    subscribers_count: 0,
  };
}

export function permissionFlags(record: RepositoryRecord, viewer: Account | null): Json {
  const role = viewer === null ? 'none' : effectiveRole(record, viewer);
  return {
    admin: roleReaches(role, 'admin'),
    maintain: roleReaches(role, 'maintain'),
    push: roleReaches(role, 'write'),
    triage: roleReaches(role, 'triage'),
    pull: viewer === null || roleReaches(role, 'read'),
  };
}

/** The few fields that installation webhooks carry. */
export const repositoryStub = (record: RepositoryRecord): Json => ({
  id: record.id,
  node_id: nodeId('repository', record.id),
  name: record.name,
  full_name: fullName(record),
  private: record.private,
});
