import type { Refusal } from '../../domain/result.ts';

/**
 * GitHub tells 405s apart only by their words, and one answer may name several things. Whoever reads them is told the first
 * of these that is in them, in GitHub's own words beside what to do. Rulesets and branch protection word the same rule alike.
 */
const protections: readonly (readonly [words: RegExp, code: string, remedy: string])[] = [
  [/merge queue/i, 'queue_required', 'It has to go through the merge queue.'],
  [/are not allowed on this repository/i, 'method_not_allowed', 'Another way to merge is tried.'],
  [
    /must not contain merge commits|linear history/i,
    'linear_history',
    'Let the repository allow squash or rebase merges, or drop the rule.',
  ],
  [
    /locked branch|branch is locked/i,
    'branch_locked',
    'Unlock the branch; until then nothing is merged into it.',
  ],
  [
    /not authorized to push|push to this branch|cannot push/i,
    'push_restricted',
    'Let the App push there: add it to the rule that says who may.',
  ],
  [
    /changes (?:have been|were) requested/i,
    'changes_requested',
    'Who asked for changes approves, or their review is dismissed.',
  ],
  [/code ?owner/i, 'code_owner_required', 'A code owner of the changed files approves on GitHub.'],
  [
    /last push|other than the last pusher/i,
    'last_pusher',
    'Somebody else than the last to push approves on GitHub.',
  ],
  [
    /approving review|review is required|reviews are required/i,
    'review_required',
    'Somebody with write access approves in a review on GitHub; to it a label or command is none.',
  ],
  [
    /conversation|comments must be resolved/i,
    'conversation_unresolved',
    'Resolve the conversations on the pull request.',
  ],
  [
    /status checks? .*(?:expected|pending|queued|in progress|waiting)|checks? (?:is|are) (?:expected|pending)/i,
    'check_missing',
    'A required check has not reported yet, or is run by nobody.',
  ],
  [/status checks? |checks? .*fail/i, 'check_failed', 'A required check is not green: mend it.'],
  [
    /up[ -]to[ -]date|out of date|behind/i,
    'behind',
    'Update the branch; the new head has to be approved again.',
  ],
  [
    /signature|signed/i,
    'signature_required',
    'Sign the commits of the pull request, or drop the rule.',
  ],
  [/draft/i, 'draft', 'Mark it ready for review.'],
];

/** null: the words are none of those, or the status means nothing here. */
export function whyNotMerged(
  item: string,
  input: { readonly head: string },
  status: number,
  message: string,
): Refusal | null {
  if (status === 409)
    return {
      code: 'merge.head_moved',
      message: `The head of ${item} is no longer ${input.head}: ${message}. It needs to be approved again.`,
    };
  if (status === 404) return { code: 'merge.no_item', message: `There is no ${item} to merge.` };
  return status === 403 || status === 405 || status === 422 ? blocked(item, status, message) : null;
}

function blocked(item: string, status: number, message: string): Refusal {
  if (status === 405 && /base branch was modified/i.test(message))
    return { code: 'merge.base_moved', message: `The base of ${item} moved meanwhile: ${message}` };
  if (status === 405 && /not mergeable|merge conflict|can't be rebased/i.test(message))
    return {
      code: 'merge.not_mergeable',
      message: `${item} cannot be merged: ${message}. Bring it up to date with its base.`,
    };
  // Octokit puts the address of a page behind the words.
  const words = message
    .replace(/ - https?:\/\/\S+$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  const known = protections.find(([pattern]) => pattern.test(words));
  // What to do comes first: the line is cut off where people read it.
  if (known !== undefined)
    return { code: `merge.${known[1]}`, message: `${known[2]} GitHub on ${item}: ${words}` };
  // 403: for instance a change of workflows, which our App may not make.
  return status === 403
    ? {
        code: 'merge.forbidden',
        message: `A person merges it, or grants the App what it lacks. GitHub on ${item}: ${words}`,
      }
    : { code: 'merge.blocked', message: `GitHub did not let ${item} be merged: ${words}` };
}
