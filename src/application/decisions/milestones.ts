import { REPOSITORY_CONFIG_PATH } from '../../domain/repository-config.ts';
import { evaluate } from '../../domain/policy/evaluate.ts';
import { mayRead } from '../../domain/policy/mentions.ts';
import { isOpen } from '../../domain/policy/milestones.ts';
import { denials } from '../../domain/policy/render.ts';
import type { MilestoneFacts, RoadmapChangeFacts } from '../../domain/policy/request.ts';
import { findMilestone, roadmapChanges } from '../../domain/roadmap/milestone.ts';
import type { Roadmap } from '../../domain/roadmap/roadmap.ts';
import type { Item } from '../../domain/work-item/state.ts';
import type { MilestoneRef } from '../../ports/code-host.ts';
import type { Rules, Session } from '../session.ts';
import { readRoadmapText } from '../tools/roadmap-tools.ts';
import { issueForPolicy, noEvidence, policyRequest, type ActionFacts } from './facts.ts';

type SoundRules = Extract<Rules, { kind: 'sound' }>;

/** Adds what policies ask of milestones; nothing is looked up where none asks. */
export async function withMilestones(session: Session, facts: ActionFacts): Promise<ActionFacts> {
  const { rules } = session;
  if (rules.kind === 'broken') return facts;
  const { policies } = rules;
  const milestone = mayRead(policies, 'milestone')
    ? await milestoneOf(session, rules, facts)
    : null;
  const told = mayRead(policies, 'milestone') ? { milestone } : {};
  const { issue, pull_request } = facts;
  const changes =
    pull_request !== null && isPublished(facts.kind) && mayRead(policies, 'roadmap')
      ? { roadmap: await changesOf(session, rules, pull_request) }
      : {};
  return {
    ...facts,
    issue: issue === null ? null : { ...issue, ...told },
    pull_request: pull_request === null ? null : { ...pull_request, ...told, ...changes },
  };
}

/**
 * Why nobody may begin to contribute to an item now; null: nothing stands against it. Asked before an agent runs, since its
 * work would be refused for good when it is done, and here it only waits.
 */
export async function closedGate(session: Session, item: Item): Promise<string | null> {
  const { rules } = session;
  if (rules.kind === 'broken' || item.kind !== 'issue') return null;
  const gates = rules.policies.rules.filter(
    (rule) => rule.tightens === true && rule.effect === 'deny',
  );
  const look = gates.length === 0 ? null : await session.looks.issue(item.number);
  if (look === null) return null;
  const facts = await withMilestones(session, {
    kind: 'pull_request.open',
    agent: 'contributor',
    item,
    pull_request: null,
    issue: issueForPolicy(look.issue, null),
    evidence: noEvidence,
  });
  const request = await policyRequest(session, facts, rules.policies);
  const verdict = evaluate({ ...rules.policies, rules: gates }, request);
  return verdict.rules.length === 0 ? null : denials(verdict.reasons).join('; ');
}

const isPublished = (kind: string): boolean =>
  kind === 'pull_request.merge' || kind === 'roadmap.publish';

/** Of the issue and of the pull request that answers it, the one that is less open. */
async function milestoneOf(
  session: Session,
  rules: SoundRules,
  { item, pull_request }: ActionFacts,
): Promise<MilestoneFacts | null> {
  // How a gate opens: what changes nothing but the roadmap does not wait for what the roadmap says.
  const roadmap = rules.config.agents.governor.roadmap;
  if (
    pull_request !== null &&
    pull_request.files.length > 0 &&
    pull_request.files.every(({ path }) => path === roadmap)
  ) {
    return null;
  }
  const [ofIssue, ofPull] = await Promise.all([
    item?.kind === 'issue' ? session.looks.issue(item.number) : null,
    item?.pull_request == null ? null : session.looks.pullRequest(item.pull_request.number),
  ]);
  const refs = [ofIssue?.issue.milestone, ofPull?.pull_request.milestone];
  const known = await Promise.all(
    refs.flatMap((ref) => (ref == null ? [] : [milestoneFacts(session, rules, ref)])),
  );
  return known.find((facts) => !isOpen(facts)) ?? known[0] ?? null;
}

async function milestoneFacts(
  session: Session,
  rules: SoundRules,
  { title, number }: MilestoneRef,
): Promise<MilestoneFacts> {
  const path = rules.config.agents.governor.roadmap;
  const roadmap = await roadmapInForce(session, rules);
  const found = roadmap === null ? null : findMilestone(roadmap, title);
  return {
    title,
    number,
    status: found?.status ?? 'unknown',
    line: found?.line ?? null,
    heading: found?.title ?? null,
    path,
  };
}

/** Read once for as long as the default branch stands where it is: the rules are another object when it moves. */
const inForce = new WeakMap<SoundRules, Promise<Roadmap | null>>();

function roadmapInForce(session: Session, rules: SoundRules): Promise<Roadmap | null> {
  const known = inForce.get(rules);
  if (known !== undefined) return known;
  const read = roadmapAt(session, rules.base, rules.config.agents.governor.roadmap);
  inForce.set(rules, read);
  read.catch(() => inForce.delete(rules));
  return read;
}

async function roadmapAt(
  { repository, deps }: Session,
  rev: string,
  path: string,
): Promise<Roadmap | null> {
  const text = await repository.files.readFile(rev, path);
  return text === null ? null : readRoadmapText(deps.roadmap, text);
}

/** What a pull request does to the rows of the roadmap, since it left the base. A roadmap that goes takes all its rows along. */
async function changesOf(
  session: Session,
  rules: SoundRules,
  { head, files }: NonNullable<ActionFacts['pull_request']>,
): Promise<readonly RoadmapChangeFacts[]> {
  const path = rules.config.agents.governor.roadmap;
  const touched = files.some((file) => file.path === path || file.path === REPOSITORY_CONFIG_PATH);
  if (!touched) return [];
  const base = (await session.repository.files.mergeBase(rules.base, head)) ?? rules.base;
  const [before, after] = await Promise.all([
    roadmapAt(session, base, path),
    roadmapOf(session, head, path),
  ]);
  return roadmapChanges(before ?? nothing, after ?? nothing);
}

/** A configuration that names another roadmap puts that one in force. */
async function roadmapOf(session: Session, head: string, path: string): Promise<Roadmap | null> {
  const { repository, deps } = session;
  const config = deps.configs.load(await repository.files.readFile(head, REPOSITORY_CONFIG_PATH));
  return roadmapAt(session, head, config.ok ? config.value.agents.governor.roadmap : path);
}

const nothing: Roadmap = { text: '', milestones: [], versions: [], history: null };

/** What the waiting items were judged by, beside the policies; empty where no policy asks. */
export async function roadmapDigest(session: Session): Promise<string> {
  const { rules } = session;
  if (rules.kind === 'broken' || !mayRead(rules.policies, 'milestone')) return '';
  const roadmap = await roadmapInForce(session, rules);
  return roadmap === null ? 'none' : session.deps.sha256(roadmap.text);
}
