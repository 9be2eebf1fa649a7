import type { Simulator } from '../../../simulator/simulator.ts';
import { demoIssues, demoLabels } from './issues.ts';
import type { People } from './people.ts';
import type { Watch, WatchedItem } from './watch.ts';

/** One thing the demo shows, and whether it held. */
export interface Scene {
  readonly name: string;
  readonly held: boolean;
  readonly detail: string;
}

export interface Stage {
  readonly simulator: Simulator;
  readonly people: People;
  readonly watch: Watch;
  readonly scenes: Scene[];
  readonly say: (line: string) => void;
}

const controlLabels = [
  ['assent:approve', '0e8a16', 'A human says yes'],
  ['assent:reject', 'b60205', 'A human says no'],
  ['assent:hold', 'fbca04', 'Not now'],
] as const;

/** The labels that humans say yes, no and not now with. */
export async function addControlLabels(people: People): Promise<void> {
  for (const [name, color, description] of controlLabels) {
    await people.addLabel('owner', name, color, description);
  }
}

/** What the repository has before anybody does anything, and the issues its users file. */
export async function fileIssues({ people, say }: Stage): Promise<void> {
  await addControlLabels(people);
  for (const { name, color, description } of demoLabels) {
    await people.addLabel('owner', name, color, description);
  }
  for (const { author, title, body } of demoIssues) {
    const number = await people.fileIssue(author, title, body);
    say(`${author} files #${number}: ${title}`);
  }
}

/** The demo's humans from the first plan to the published roadmap. One plan at a time, as one maintainer would. */
export async function playHumans(stage: Stage): Promise<void> {
  await plainPath(stage);
  await changeRequest(stage);
  await pushEndsApproval(stage);
  await modelOutage(stage);
  await lastOfFive(stage);
  await duplicateIssue(stage);
  await roadmapUpdate(stage);
}

async function adoptPlan({ people, watch, say }: Stage, id: string, number: number): Promise<void> {
  await watch.waitsForHuman(id, 'plan');
  await people.label('maintainer', number, 'assent:approve');
  say(`maintainer approves the plan of #${number} by label`);
}

async function mergeable(
  { watch }: Stage,
  id: string,
): Promise<WatchedItem & { readonly pull: number }> {
  const item = await watch.waitsForHuman(id, 'merge');
  if (item.pull_request === null) throw new TypeError(`${id} has no pull request`);
  return { ...item, pull: item.pull_request.number };
}

async function approveAndMerge(stage: Stage, id: string, pull: number): Promise<void> {
  await stage.people.review('maintainer', pull, 'APPROVE', 'Good.');
  stage.say(`maintainer approves pull request #${pull}`);
  await stage.watch.untilEnded(id);
  stage.say(`#${pull} is merged`);
}

/** Issue 1; beside it, two people whose label counts for nothing, and a delivery that arrives twice. */
async function plainPath(stage: Stage): Promise<void> {
  const { people, watch, scenes, say, simulator } = stage;
  await watch.waitsForHuman('issue-1', 'plan');
  const status = await people.tryLabel('stranger', 1, 'assent:approve');
  say(`stranger tries to label #1: GitHub answers ${status}`);
  await people.label('triager', 1, 'assent:approve');
  const judged = await watch.until(
    'issue-1',
    "the triager's label to be judged",
    ({ authority, gate }) => authority !== 'waiting_for_human' || (gate?.ignored.length ?? 0) > 0,
  );
  const reason = judged.gate?.ignored[0]?.reason ?? 'nothing was said';
  scenes.push({
    name: 'strangers_label_counts_for_nothing',
    held:
      status === 403 && judged.authority === 'waiting_for_human' && judged.approvals.length === 0,
    detail: `the stranger's was refused by GitHub (${status}); the triager's was ignored: ${reason}`,
  });
  await people.do('triager', 'take the label off', 'DELETE', '/issues/1/labels/assent:approve');
  await adoptPlan(stage, 'issue-1', 1);
  const { pull } = await mergeable(stage, 'issue-1');
  const labeled = simulator.deliveries.find(
    ({ event, action }) => event === 'issues' && action === 'labeled',
  );
  if (labeled !== undefined) await simulator.redeliver(labeled.id);
  await approveAndMerge(stage, 'issue-1', pull);
}

/** Issue 2: the maintainer asks for more, and gets it. */
async function changeRequest(stage: Stage): Promise<void> {
  const { people, watch, scenes, say } = stage;
  await adoptPlan(stage, 'issue-2', 2);
  const first = await mergeable(stage, 'issue-2');
  const body = 'Negative numbers and decimals must count as numbers too; please test both.';
  await people.review('maintainer', first.pull, 'REQUEST_CHANGES', body);
  say(`maintainer asks for changes on #${first.pull}`);
  const before = first.pull_request?.head;
  const second = await watch.until(
    'issue-2',
    'the reworked contribution',
    ({ stage: at, authority, pull_request }) =>
      at === 'merge' && authority === 'waiting_for_human' && pull_request?.head !== before,
  );
  scenes.push({
    name: 'change_request_reworked',
    held: second.pull_request?.number === first.pull,
    detail: `#${first.pull} went from ${short(before)} to ${short(second.pull_request?.head)} on the same pull request`,
  });
  await approveAndMerge(stage, 'issue-2', first.pull);
}

const short = (sha: string | undefined): string => sha?.slice(0, 12) ?? 'nothing';

/** Issue 3 needs the owner too; between the two approvals somebody pushes, and the first one is void. */
async function pushEndsApproval(stage: Stage): Promise<void> {
  const { people, watch, scenes, say } = stage;
  await adoptPlan(stage, 'issue-3', 3);
  const first = await mergeable(stage, 'issue-3');
  await people.review('maintainer', first.pull, 'APPROVE', 'Good; the owner should look, too.');
  await watch.until(
    'issue-3',
    "the maintainer's approval",
    (item) => mergeApprovals(item).length === 1,
  );
  say(`maintainer approves #${first.pull}; the owner's approval is missing`);
  const branch = first.pull_request?.branch ?? '';
  await people.appendTo('writer', branch, 'README.md', 'Wide characters take two columns.');
  say(`writer pushes to ${branch}`);
  const moved = await watch.until(
    'issue-3',
    'the new head to be reviewed',
    ({ stage: at, authority, pull_request }) =>
      at === 'merge' &&
      authority === 'waiting_for_human' &&
      pull_request?.head !== first.pull_request?.head,
  );
  scenes.push({
    name: 'push_ends_approval',
    held: mergeApprovals(moved).length === 0,
    detail: `approved on ${short(first.pull_request?.head)}; the head is ${short(moved.pull_request?.head)}`,
  });
  await people.review('owner', first.pull, 'APPROVE', 'Good.');
  await approveAndMerge(stage, 'issue-3', first.pull);
}

const mergeApprovals = ({ approvals }: WatchedItem) =>
  approvals.filter(({ gate }) => gate === 'pull_request.merge');

/** Issue 4: the model goes away in the midst of the work. */
async function modelOutage(stage: Stage): Promise<void> {
  const { watch, scenes, say } = stage;
  await adoptPlan(stage, 'issue-4', 4);
  const waiting = await watch.until(
    'issue-4',
    'the outage',
    ({ authority, stage: at }) => authority === 'model_unavailable' || at === 'merge',
  );
  say(`the model is away: ${waiting.note ?? waiting.authority}`);
  const { pull } = await mergeable(stage, 'issue-4');
  scenes.push({
    name: 'model_outage_waits_and_goes_on',
    held: waiting.authority === 'model_unavailable' && waiting.pull_request === null,
    detail: `waited as ${waiting.authority}, then opened #${pull}`,
  });
  await approveAndMerge(stage, 'issue-4', pull);
}

/** Issue 5, the fifth merge; the approval is a label this time. */
async function lastOfFive(stage: Stage): Promise<void> {
  const { people, watch, say } = stage;
  await watch.waitsForHuman('issue-5', 'plan');
  await people.comment('maintainer', 5, '/assent approve as planned');
  say('maintainer approves the plan of #5 by command');
  const { pull } = await mergeable(stage, 'issue-5');
  await people.label('maintainer', pull, 'assent:approve');
  say(`maintainer approves pull request #${pull} by label`);
  await watch.untilEnded('issue-5');
  say(`#${pull} is merged`);
}

async function duplicateIssue({ people, watch, scenes, say }: Stage): Promise<void> {
  const asked = await watch.until(
    'issue-6',
    'the duplicate',
    ({ authority }) => authority === 'waiting_for_information',
  );
  await people.closeIssue('maintainer', 6);
  await watch.untilEnded('issue-6');
  say('maintainer closes #6 as a duplicate');
  scenes.push({
    name: 'duplicate_issue_is_not_worked_on',
    held: asked.pull_request === null,
    detail: 'asked what the difference is; no plan, no pull request',
  });
}

async function roadmapUpdate(stage: Stage): Promise<void> {
  const { people, watch, scenes, say } = stage;
  const before = await people.read('main', 'ROADMAP.md');
  const { pull } = await mergeable(stage, 'cycle-1');
  const unchanged = (await people.read('main', 'ROADMAP.md')) === before;
  say(`after five merges the governor opens #${pull}`);
  await people.review('maintainer', pull, 'APPROVE', 'That is where we are.');
  say(`maintainer approves the roadmap update #${pull}`);
  await watch.untilEnded('cycle-1');
  const after = await people.read('main', 'ROADMAP.md');
  scenes.push({
    name: 'roadmap_changes_only_with_a_human',
    held: unchanged && after !== before,
    detail: `ROADMAP.md was untouched until #${pull} was approved`,
  });
  say('the roadmap is updated');
}
