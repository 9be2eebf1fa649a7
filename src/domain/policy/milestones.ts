import type { MilestoneFacts, PolicyRequest } from './request.ts';

/** A milestone that policies speak of, by the name it has in the roadmap or on the code host. */
export interface MilestoneEntry {
  readonly file: string;
  readonly name: string;
  /** Work on it waits until the roadmap says that it is in progress or done. */
  readonly gated: boolean;
}

/** The milestone an action is about. */
const milestoneIn = ({ issue, pull_request }: PolicyRequest): MilestoneFacts | null =>
  issue?.milestone ?? pull_request?.milestone ?? null;

export const isOpen = ({ status }: Pick<MilestoneFacts, 'status'>): boolean =>
  status === 'in_progress' || status === 'done';

/** What people are told: which gate, where it stands, and what opens it. */
export function whyClosed(name: string, request: PolicyRequest): string {
  const milestone = milestoneIn(request);
  const path = milestone?.path ?? 'the roadmap';
  const where =
    milestone === null || milestone.line === null
      ? `${path} has no such milestone`
      : `its gate is "${milestone.status}" in ${path} line ${milestone.line}`;
  return `milestone "${name}" is not open: ${where}. It opens when a pull request that says so there is merged`;
}
