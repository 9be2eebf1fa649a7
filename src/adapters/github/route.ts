/** Segments after which a name of the user's choosing stands, and what to call it. */
const NAMED: Readonly<Record<string, string>> = {
  users: '{username}',
  orgs: '{org}',
  teams: '{team}',
  memberships: '{username}',
  collaborators: '{username}',
  labels: '{name}',
};

/** A request's route without what varies, so that requests can be counted by kind. */
export function routeOf(pathname: string, body: unknown): string {
  const path = pathname.replace(/^\/api\/v3(?=\/)/, '');
  if (/^(\/api)?\/graphql$/.test(path)) return `/graphql ${operationName(body)}`;
  const segments = path.split('/').slice(1);
  const masked = segments.map((segment, index) => mask(segment, segments, index));
  // Octokit writes a branch's slashes as they are, or as %2F.
  return `/${masked.join('/')}`.replace(/\/git\/(refs?)\/heads(?:\/|%2F).*$/, '/git/$1/{ref}');
}

function mask(segment: string, segments: readonly string[], index: number): string {
  if (segments[0] === 'repos' && index === 1) return '{owner}';
  if (segments[0] === 'repos' && index === 2) return '{repo}';
  if (/^\d+$/.test(segment)) return '{n}';
  if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(segment)) return '{sha}';
  if (segments[index - 1] === 'compare') return '{range}';
  // What stands before is a repository's own name, whatever it says.
  if (segments[0] === 'repos' && index === 3) return segment;
  return NAMED[segments[index - 1] ?? ''] ?? segment;
}

/** `?` for a document without a name: ours all have one. */
function operationName(body: unknown): string {
  if (typeof body !== 'string') return '?';
  return /"query":"(?:\\n|\s)*(?:query|mutation)\s+(\w+)/.exec(body)?.[1] ?? '?';
}

/** What GitHub's limit on created content counts: issues, comments, pull requests, reviews, and commits by the API. */
export function createsContent(method: string, route: string): boolean {
  if (route === '/graphql createCommitOnBranch') return true;
  if (method === 'POST')
    return /\/(issues|pulls|comments|reviews|git\/commits|merges)$/.test(route);
  return method === 'PUT' && /\/(merge|contents\/.*)$/.test(route);
}
