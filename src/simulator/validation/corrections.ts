/**
 * Where GitHub's description is wrong about GitHub. Every entry has its reason; an entry that meets nothing to correct
 * fails the load, so that it goes when GitHub mends its description.
 */
export interface Correction {
  readonly reason: string;
  /** Keys from the root of the document down to what is changed. */
  readonly at: readonly string[];
  /** Changes it in place; false when there was nothing to change. */
  readonly apply: (target: Record<string, unknown>) => boolean;
}

const schema = (name: string, ...below: readonly string[]): string[] => [
  'components',
  'schemas',
  name,
  ...below,
];

function add(properties: Record<string, unknown>): Correction['apply'] {
  return (target) => {
    if (Object.keys(properties).some((name) => name in target)) return false;
    Object.assign(target, properties);
    return true;
  };
}

function replace(keyword: string, value: unknown): Correction['apply'] {
  return (target) => {
    if (!(keyword in target)) return false;
    target[keyword] = value;
    return true;
  };
}

/** Properties that a repository has in every payload but in those of an edited review. */
const laterOfRepositories = {
  has_discussions: { type: 'boolean' },
  web_commit_signoff_required: { type: 'boolean' },
  use_squash_pr_title_as_default: { type: 'boolean' },
};

/** The events whose pull request GitHub describes with an older repository, and what that one lacks. */
const olderRepositories = [
  ['review-edited', laterOfRepositories],
  ['review-thread-resolved', { use_squash_pr_title_as_default: { type: 'boolean' } }],
  ['review-thread-unresolved', { use_squash_pr_title_as_default: { type: 'boolean' } }],
] as const;

const repositoryOf = (event: string, side: 'head' | 'base'): string[] =>
  schema(
    `webhook-pull-request-${event}`,
    'properties',
    'pull_request',
    'properties',
    side,
    'properties',
    'repo',
    'properties',
  );

const headOfPull = ['properties', 'head', 'properties'] as const;
const forkDeleted = "GitHub sends null for the head's repository when the fork was deleted.";

export const corrections: readonly Correction[] = [
  {
    reason:
      'Inlined by @octokit/openapi as an account that is a user and an enterprise at once; GitHub refers to `installation`.',
    at: [
      'paths',
      '/app/installations',
      'get',
      'responses',
      '200',
      'content',
      'application/json',
      'schema',
    ],
    apply: replace('items', { $ref: '#/components/schemas/installation' }),
  },
  ...olderRepositories.flatMap(([event, properties]) =>
    (['head', 'base'] as const).map((side) => ({
      reason:
        'The payload of the event repeats an older repository; GitHub sends the one of its other events.',
      at: repositoryOf(event, side),
      apply: add(properties),
    })),
  ),
  ...(['author', 'committer'] as const).map((who) => ({
    reason:
      'The commit of a status repeats an older user; GitHub sends `user_view_type` with every user.',
    at: schema('webhook-status', 'properties', 'commit', 'properties', who, 'properties'),
    apply: add({ user_view_type: { type: 'string' } }),
  })),
  ...['pull-request', 'pull-request-simple'].map((name) => ({
    reason: forkDeleted,
    at: schema(name, ...headOfPull),
    apply: replace('repo', {
      nullable: true,
      allOf: [{ $ref: '#/components/schemas/repository' }],
    }),
  })),
  {
    reason: forkDeleted,
    at: schema('webhooks_pull_request_5', ...headOfPull, 'repo'),
    apply: add({ nullable: true }),
  },
  {
    reason:
      'An issue found by search may have no body, as the issue itself may; GitHub sends null.',
    at: schema('issue-search-result-item', 'properties', 'body'),
    apply: add({ nullable: true }),
  },
];

/** The live API gives every refusal a `status`, as text; of its schemas only `basic-error` has it. */
export const inEveryRefusal: ReadonlySet<string> = new Set(['/status']);

/**
 * Statuses that any operation may answer though its description is silent; GitHub documents them once for all
 * ("Troubleshooting the REST API", "Rate limits", "Using conditional requests"). The value names the schema of the body.
 */
export const generalStatuses: Readonly<Record<number, string | null>> = {
  304: null,
  400: 'basic-error',
  401: 'basic-error',
  403: 'basic-error',
  404: 'basic-error',
  415: 'basic-error',
  422: 'validation-error',
  429: 'basic-error',
  500: 'basic-error',
  502: 'basic-error',
  503: 'basic-error',
};
