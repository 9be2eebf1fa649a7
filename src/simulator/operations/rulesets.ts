import type { Doer } from '../actor.ts';
import type { RepositoryRecord, RuleRecord, RulesetRecord } from '../model.ts';
import { grantedRole } from '../permissions.ts';

/** What somebody is about to do to a branch. */
export type BranchChange = 'creation' | 'forward' | 'forced' | 'deletion';

export interface RuleInForce {
  readonly ruleset: RulesetRecord;
  readonly rule: RuleRecord;
}

/** The rules of every active ruleset that names this branch, whoever asks. */
export const rulesOn = (repository: RepositoryRecord, branch: string): readonly RuleInForce[] =>
  repository.rulesets
    .filter((ruleset) => ruleset.enforcement === 'active' && names(ruleset, repository, branch))
    .flatMap((ruleset) => ruleset.rules.map((rule) => ({ ruleset, rule })));

/** Why rulesets refuse this change by this doer, in GitHub's words, or null. */
export function ruleRefusal(
  repository: RepositoryRecord,
  branch: string,
  by: Doer,
  change: BranchChange,
): string | null {
  const violated = rulesFor(repository, branch, by)
    .map((rule) => violation(rule.type, change))
    .find((message) => message !== null);
  return violated === undefined || violated === null ? null : ruleViolations([violated]);
}

/** Those that bind this doer; null: whoever is let past none of them. */
export const rulesFor = (
  repository: RepositoryRecord,
  branch: string,
  by: Doer | null,
): readonly RuleRecord[] =>
  rulesOn(repository, branch)
    .filter(({ ruleset }) => by === null || !passes(repository, ruleset, by))
    .map(({ rule }) => rule);

export const ruleViolations = (messages: readonly string[]): string =>
  `Repository rule violations found\n\n${messages.join('\n\n')}\n\n`;

function violation(type: string, change: BranchChange): string | null {
  if (type === 'creation' && change === 'creation')
    return 'Cannot create ref due to creations being restricted.';
  if (type === 'deletion' && change === 'deletion') return 'Cannot delete this branch';
  if (type === 'non_fast_forward' && change === 'forced') return 'Cannot force-push to this branch';
  const updates = change === 'forward' || change === 'forced';
  if (type === 'update' && updates) return 'Cannot update this protected ref.';
  if (type === 'pull_request' && updates) return 'Changes must be made through a pull request.';
  return null;
}

/** Repository role 5 is that of administrators. */
const adminRole = 5;

const passes = (repository: RepositoryRecord, { bypass }: RulesetRecord, by: Doer): boolean =>
  bypass.some(({ actorId, actorType }) =>
    by.app === null
      ? actorType === 'RepositoryRole' &&
        actorId === adminRole &&
        grantedRole(repository, by.account) === 'admin'
      : actorType === 'Integration' && actorId === by.app.id,
  );

function names(
  { include, exclude }: RulesetRecord,
  { defaultBranch }: RepositoryRecord,
  branch: string,
): boolean {
  const matches = (pattern: string) =>
    pattern === '~ALL' ||
    (pattern === '~DEFAULT_BRANCH' && branch === defaultBranch) ||
    matchesRef(pattern, `refs/heads/${branch}`);
  return include.some(matches) && !exclude.some(matches);
}

/** As Ruby's `fnmatch` with path names, which GitHub says it uses: `*` stops at a slash, `**` does not. */
function matchesRef(pattern: string, ref: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/gu, '\\$&');
  const source = escaped
    .replaceAll('**/', '\u0000')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\u0000', '(?:.*/)?');
  return new RegExp(`^${source}$`, 'u').test(ref);
}
