import { renderReasons } from '../../domain/policy/render.ts';
import type { PolicyTrial } from '../../domain/policy/trial.ts';
import { trialLine, trialSection } from '../../domain/policy/trial-text.ts';
import { letPass, presentFinished } from '../../domain/ending.ts';
import { presentItem, type Presented } from '../../domain/presentation.ts';
import { isPastItsGate } from '../../domain/work-item/gated.ts';
import { lapseOf } from '../decisions/lapse.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { triageNotesOf } from '../../domain/work-item/triage-notes.ts';
import type { CheckReport } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';

/**
 * Means to write, for each item that changed, its one comment and its one check run, where the text would differ from what
 * was written last. Called when nothing else is about to happen, so that an item is edited once a wake-up, not once a step.
 */
export function present(session: Session, changed: ReadonlySet<string>): void {
  // A repository without policies has not asked Assent to speak.
  if (session.rules.kind === 'sound' && session.rules.policies.rules.length === 0) return;
  for (const id of changed) {
    const item = session.item(id);
    presentComment(session, id, item);
    if (item?.pull_request != null) presentCheck(session, id, item.pull_request.head);
  }
}

function presentComment(session: Session, id: string, item: Item | undefined): void {
  const number = commentNumber(session, id, item);
  if (number === null) return;
  const slot = `comment/${number}`;
  const digest = session.deps.sha256(renderComment(session, id, item));
  if (session.state.written[slot] === digest) return;
  const key = `${slot}/${digest.slice(0, 16)}`;
  if (session.state.intents[key] !== undefined) return;
  session.give({
    kind: 'intend',
    item: id,
    key,
    effect: 'comment.upsert',
    payload: { number, slot },
  });
}

/** The conversation an item is told in: its issue, its pull request, a cycle's pull request once there is one. */
function commentNumber(session: Session, id: string, item: Item | undefined): number | null {
  if (item !== undefined) {
    return item.kind === 'cycle' ? (item.pull_request?.number ?? null) : item.number;
  }
  const ended = session.state.finished[id];
  if (ended === undefined) return null;
  return ended.kind === 'cycle' ? ended.pull_request : ended.number;
}

export function renderComment(session: Session, id: string, item: Item | undefined): string {
  if (item !== undefined) {
    const notes = triageNotesOf(session.state, item.id);
    const trial = trialOf(session, item);
    const line = trial === null ? null : trialLine(trial);
    return presentItem(item, why(session, item), lapseOf(session, item), line, notes).body;
  }
  return presentEnded(session, id)?.body ?? '';
}

function presentEnded({ state }: Session, id: string): Presented | null {
  const ended = state.finished[id];
  if (ended === undefined) return null;
  const { pull_request: pull } = ended;
  return presentFinished(ended, pull === null ? null : letPass(state, pull));
}

/** Of the head there is now; against other policies than today's until it is done anew. */
const trialOf = ({ state }: Session, { id, pull_request: pull }: Item): PolicyTrial | null => {
  const trial = state.trials[id];
  return trial !== undefined && trial.head === pull?.head ? trial : null;
};

function why(session: Session, item: Item): string | null {
  const verdict = session.memory.verdicts.get(item.id);
  const waits = item.stage === 'plan' || item.stage === 'merge';
  return verdict === undefined || !waits ? null : renderReasons(verdict.reasons);
}

export function presentCheck(session: Session, id: string, head: string): void {
  const slot = `check/${head}`;
  const digest = session.deps.sha256(JSON.stringify(renderCheck(session, id, head)));
  if (session.state.written[slot] === digest) return;
  const key = `${slot}/${digest.slice(0, 16)}`;
  if (session.state.intents[key] !== undefined) return;
  session.give({ kind: 'intend', item: id, key, effect: 'check.report', payload: { head, slot } });
}

/** Green only when the merge is approved: branch protection may require this check, pinned to the App. */
export function renderCheck(session: Session, id: string, head: string): CheckReport {
  const item = session.item(id);
  const base = { head, external_id: id } as const;
  if (item === undefined) {
    const ended = session.state.finished[id];
    const good = ended?.outcome === 'merged' || ended?.outcome === 'published';
    const shown = presentEnded(session, id);
    return {
      ...base,
      status: 'completed',
      // GitHub takes a neutral check for a green one, and would let what was rejected be merged.
      conclusion: good ? 'success' : 'action_required',
      title: shown?.headline ?? 'Ended',
      summary: shown?.detail ?? 'Ended.',
    };
  }
  const notes = triageNotesOf(session.state, item.id);
  const trial = trialOf(session, item);
  const section = trial === null ? null : trialSection(trial);
  const shown = presentItem(item, why(session, item), lapseOf(session, item), section, notes);
  const approved = item.stage === 'merge' && isPastItsGate(item);
  const working = item.authority === 'created' || item.authority === 'running';
  return {
    ...base,
    status: working ? 'in_progress' : 'completed',
    conclusion: working ? null : approved ? 'success' : 'action_required',
    title: shown.headline,
    summary: shown.detail,
  };
}
