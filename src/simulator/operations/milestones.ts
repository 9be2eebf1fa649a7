import type { Doer } from '../actor.ts';
import { GitHubRefusal } from '../errors.ts';
import type { IssueRecord, MilestoneRecord, RepositoryRecord } from '../model.ts';
import { milestone as represent } from '../representations/issue.ts';
import type { World } from '../world.ts';
import { announceIssue } from './announce.ts';
import { record } from './events.ts';

function requireTitle(
  repository: RepositoryRecord,
  title: string,
  itself: MilestoneRecord | null,
): void {
  const taken = [...repository.milestones.values()].some(
    (one) => one !== itself && one.title === title,
  );
  if (!taken && title.trim() !== '') return;
  throw new GitHubRefusal(422, 'Validation Failed', [
    { resource: 'Milestone', field: 'title', code: taken ? 'already_exists' : 'missing_field' },
  ]);
}

export function createMilestone(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  input: { title: string; description: string | null },
): MilestoneRecord {
  requireTitle(repository, input.title, null);
  const now = world.time();
  const milestone: MilestoneRecord = {
    id: world.id(),
    number: Math.max(0, ...repository.milestones.keys()) + 1,
    creator: by.account,
    createdAt: now,
    title: input.title,
    description: input.description,
    state: 'open',
    updatedAt: now,
    closedAt: null,
  };
  repository.milestones.set(milestone.number, milestone);
  return milestone;
}

export function editMilestone(
  world: World,
  repository: RepositoryRecord,
  milestone: MilestoneRecord,
  input: { title?: string; state?: 'open' | 'closed' },
): void {
  if (input.title !== undefined) {
    requireTitle(repository, input.title, milestone);
    milestone.title = input.title;
  }
  if (input.state !== undefined && input.state !== milestone.state) {
    milestone.state = input.state;
    milestone.closedAt = input.state === 'closed' ? world.time() : null;
  }
  milestone.updatedAt = world.time();
}

/** What is in it is in none afterwards. GitHub tells the App nothing of each. */
export function deleteMilestone(repository: RepositoryRecord, milestone: MilestoneRecord): void {
  repository.milestones.delete(milestone.number);
  for (const issue of repository.issues.values()) {
    if (issue.milestone === milestone) issue.milestone = null;
  }
}

export function setMilestone(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  wanted: number | null,
): void {
  const next = wanted === null ? null : (repository.milestones.get(wanted) ?? null);
  if (wanted !== null && next === null) {
    throw new GitHubRefusal(422, 'Validation Failed', [
      {
        resource: issue.pull === null ? 'Issue' : 'PullRequest',
        field: 'milestone',
        code: 'invalid',
      },
    ]);
  }
  const before = issue.milestone;
  if (before === next) return;
  if (before !== null) {
    issue.milestone = null;
    tell(world, repository, by, issue, before, 'demilestoned');
  }
  if (next !== null) {
    issue.milestone = next;
    tell(world, repository, by, issue, next, 'milestoned');
  }
}

function tell(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  milestone: MilestoneRecord,
  action: 'milestoned' | 'demilestoned',
): void {
  record(world, repository, by, issue, action, { kind: 'milestone', title: milestone.title });
  announceIssue(world, repository, by, action, issue, {
    milestone: represent(world, repository, milestone),
  });
}
