import { footer, quoted, type Presented } from './presentation.ts';
import type { CycleTally, FinishedItem, GovernanceState } from './work-item/state.ts';

export const endings: Readonly<Record<FinishedItem['outcome'], string>> = {
  merged: 'Merged',
  published: 'The roadmap is updated',
  rejected: 'Rejected',
  expired: 'Expired',
  closed: 'Closed',
};

/** Who let a merge pass: `login by way` each, and whose objection was lifted with which justification. */
export interface LetPass {
  readonly approvals: readonly string[];
  readonly overrides: CycleTally['overrides'];
}

/** From the cycle that counted the merge of a pull request; null where none has. */
export function letPass(
  { cycle, closed_cycles: closed }: Pick<GovernanceState, 'cycle' | 'closed_cycles'>,
  pullRequest: number,
): LetPass | null {
  for (const { merges, tally } of [cycle, ...Object.values(closed)]) {
    const merge = merges.find((one) => one.pull_request === pullRequest);
    if (merge === undefined) continue;
    const overrides = tally.overrides.filter((one) => one.pull_request === pullRequest);
    return { approvals: merge.approvals, overrides };
  }
  return null;
}

/** `passed`: who let it pass, where it was merged. */
export function presentFinished(item: FinishedItem, passed: LetPass | null = null): Presented {
  const line = endings[item.outcome];
  // A cycle is told of on its pull request.
  const own =
    item.kind === 'cycle' || (item.kind === 'pull_request' && item.number === item.pull_request);
  const by = item.pull_request === null || own ? '' : ` with #${item.pull_request}`;
  const reason =
    item.outcome === 'merged' || item.reason === null ? '' : `: ${quoted(item.reason)}`;
  const again =
    item.outcome === 'expired' ? '\n\nAsk again with `/assent retry` (write permission).' : '';
  const how = item.outcome === 'merged' && passed !== null ? howItPassed(passed) : '';
  return {
    headline: line,
    body: `**${line}**${by}${reason}${again}${how}\n\n${footer}`,
    detail: `${reason.slice(2)}${again}${how}\n\n${footer}`.trimStart(),
  };
}

function howItPassed({ approvals, overrides }: LetPass): string {
  // Told with its justification below.
  const given = approvals.filter((one) => !one.endsWith(' by override'));
  const lines = [
    ...(given.length === 0 ? [] : [`Approved: ${given.map(quoted).join(', ')}.`]),
    ...overrides.map(
      ({ by, justification }) => `Overridden by ${quoted(by)}: ${quoted(justification)}`,
    ),
  ];
  return lines.length === 0 ? '' : `\n\n${lines.join('\n')}`;
}
