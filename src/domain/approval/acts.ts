import type { ActorFacts, EvidenceFacts, LabelFacts, ReviewFacts } from '../policy/request.ts';
import type { Way } from '../policy/rules.ts';
import type { Ignored } from '../policy/verdict.ts';
import { commandsIn, type CommandLine } from './command.ts';
import { fold, sameActor } from './people.ts';
import { time } from './digest.ts';

export const APPROVE_LABEL = 'assent:approve';
export const REJECT_LABEL = 'assent:reject';

/** How verdicts name a piece of evidence. */
export const evidenceName = {
  review: (id: number): string => `review ${id}`,
  /** Labels compare without case, as on GitHub. */
  label: (name: string, login: string): string => `label ${fold(name)} by ${login}`,
  comment: (id: number): string => `comment ${id}`,
};

/** What somebody did, before anybody asks whether it may count. `at` in milliseconds, `evidence` as verdicts name it. */
export interface Act {
  readonly evidence: string;
  readonly user: ActorFacts | null;
  readonly by: Way;
  readonly at: number;
  /** The id of a review, which tells the order of two in the same second; null for labels and comments. */
  readonly review: number | null;
}

export interface ApprovalAct extends Act {
  /** The commit a review was given on. */
  readonly commit: string | null;
  /** Whether its text, and so its meaning, was changed afterwards. */
  readonly edited: boolean;
}

/** A change request or a rejection. */
export interface Objection extends Act {
  /** Who took the label away since; whether they could is for the requirement to say. */
  readonly removedBy: readonly (ActorFacts | null)[];
}

export interface OverrideAct extends Act {
  readonly justification: string;
  readonly edited: boolean;
}

export interface Acts {
  readonly approvals: readonly ApprovalAct[];
  readonly objections: readonly Objection[];
  readonly overrides: readonly OverrideAct[];
  /** Acts that no requirement could count, whoever did them. */
  readonly ignored: readonly Ignored[];
}

/** Reads the acts out of the evidence. */
export function actsIn(evidence: EvidenceFacts): Acts {
  const parts = [reviewActs(evidence.reviews), labelActs(evidence), commandActs(evidence)];
  return {
    approvals: parts.flatMap((part) => part.approvals),
    objections: parts.flatMap((part) => part.objections),
    overrides: parts.flatMap((part) => part.overrides),
    ignored: parts.flatMap((part) => part.ignored),
  };
}

const none: Acts = { approvals: [], objections: [], overrides: [], ignored: [] };

/**
 * A person's last opinion counts; comments are no opinion, whatever else is unknown is one that counts for nothing. A
 * dismissed review is an opinion too: leaving it out would bring back an older approval that nobody stands by.
 */
function reviewActs(reviews: readonly ReviewFacts[]): Acts {
  const approvals: ApprovalAct[] = [];
  const objections: Objection[] = [];
  const ignored: Ignored[] = [];
  const opinions = inOrder(
    asLastSeen(reviews).filter((review) => !['commented', 'pending'].includes(review.state)),
  );

  for (const [index, review] of opinions.entries()) {
    const evidence = evidenceName.review(review.id);
    const at = time(review.at);
    const later = opinions.slice(index + 1).find((other) => sameActor(other.user, review.user));
    const act = { evidence, user: review.user, by: 'review' as const, review: review.id };

    if (review.state === 'changes_requested') {
      // Only an approval lifts it, so it is passed on even where a later opinion exists.
      objections.push({ ...act, at: at ?? Infinity, removedBy: [] });
      continue;
    }
    if (review.state === 'dismissed') {
      ignored.push({ evidence, reason: 'dismissed' });
    } else if (review.state !== 'approved') {
      ignored.push({ evidence, reason: `its state, "${review.state}", is none that is known` });
    } else if (at === null) {
      ignored.push({ evidence, reason: `"${review.at}" is no time` });
    } else if (later !== undefined) {
      ignored.push({ evidence, reason: `replaced by review ${later.id} (${later.state})` });
    } else {
      approvals.push({ ...act, at, commit: review.commit, edited: false });
    }
  }
  return { ...none, approvals, objections, ignored };
}

/** One entry a review: the facts may hold it once as given and once as dismissed, and a dismissal is final. */
function asLastSeen(reviews: readonly ReviewFacts[]): readonly ReviewFacts[] {
  const byId = new Map<number, ReviewFacts>();
  for (const review of reviews) {
    if (byId.get(review.id)?.state !== 'dismissed') byId.set(review.id, review);
  }
  return [...byId.values()];
}

/** By time, then by id; stable, and independent of how the evidence was listed. */
const inOrder = (reviews: readonly ReviewFacts[]) =>
  [...reviews].sort((a, b) => (time(a.at) ?? Infinity) - (time(b.at) ?? Infinity) || a.id - b.id);

/** A label is on the item or not, whoever looks: when anybody takes it away, all who set it are gone. */
function labelActs({ labels, labels_now: now }: EvidenceFacts): Acts {
  const approvals = new Map<string, ApprovalAct>();
  const objections = new Map<string, Objection>();
  const ignored: Ignored[] = [];

  for (const event of labelEvents(labels)) {
    const who = event.user?.login ?? 'somebody unknown';
    const evidence = evidenceName.label(event.name, who);
    const act = { evidence, user: event.user, by: 'label' as const, review: null };
    const approves = event.name === APPROVE_LABEL;
    const at = time(event.at);

    if (event.action === 'labeled') {
      if (!approves) objections.set(evidence, { ...act, at: at ?? Infinity, removedBy: [] });
      else if (at === null) ignored.push({ evidence, reason: `"${event.at}" is no time` });
      else approvals.set(evidence, { ...act, at, commit: null, edited: false });
    } else if (approves) {
      // An action we do not know is read as a removal: it ends an approval and never gives one.
      for (const ended of approvals.keys()) {
        ignored.push({ evidence: ended, reason: `removed by ${who} at ${event.at}` });
      }
      approvals.clear();
    } else if (event.action === 'unlabeled') {
      for (const [key, objection] of objections) {
        objections.set(key, { ...objection, removedBy: [...objection.removedBy, event.user] });
      }
    }
  }
  if (now !== undefined && !now.map(fold).includes(APPROVE_LABEL)) {
    const gone = [...approvals.keys()].map((evidence) => ({
      evidence,
      reason: 'the label is no longer on the item',
    }));
    return { ...none, objections: [...objections.values()], ignored: [...ignored, ...gone] };
  }
  return {
    ...none,
    approvals: [...approvals.values()],
    objections: [...objections.values()],
    ignored,
  };
}

/** Our labels' events in time; of two at once the removal comes last, so that a tie never approves. */
const labelEvents = (labels: readonly LabelFacts[]) =>
  labels
    .map((event) => ({ ...event, name: fold(event.name) }))
    .filter((event) => event.name === APPROVE_LABEL || event.name === REJECT_LABEL)
    .sort(
      (a, b) =>
        (time(a.at) ?? Infinity) - (time(b.at) ?? Infinity) ||
        Number(b.action === 'labeled') - Number(a.action === 'labeled'),
    );

function commandActs({ comments }: EvidenceFacts): Acts {
  const approvals: ApprovalAct[] = [];
  const objections: Objection[] = [];
  const overrides: OverrideAct[] = [];
  const ignored: Ignored[] = [];

  for (const comment of comments) {
    const evidence = evidenceName.comment(comment.id);
    const at = time(comment.at);
    const act = { evidence, user: comment.user, by: 'command' as const, review: null };
    const edited = comment.edited_at !== null;

    for (const command of lastWords(comment.body)) {
      if (command.verb === 'reject') {
        // Also a hidden one: the triage role may hide, and may not lift an objection.
        objections.push({ ...act, at: at ?? Infinity, removedBy: [] });
      } else if (comment.hidden === true) {
        ignored.push({ evidence, reason: 'hidden, which takes it back; write a new comment' });
      } else if (at === null) {
        ignored.push({ evidence, reason: `"${comment.at}" is no time` });
      } else if (command.verb === 'approve') {
        approvals.push({ ...act, at, commit: null, edited });
      } else if (command.rest === '') {
        ignored.push({ evidence, reason: 'an override needs a justification after the command' });
      } else {
        overrides.push({ ...act, at, justification: command.rest, edited });
      }
    }
  }
  return { ...none, approvals, objections, overrides, ignored };
}

/** The approvals and overrides of a comment that no later line of it takes back, or the rejection it ends on. */
function lastWords(body: string): readonly CommandLine[] {
  const commands = commandsIn(body).filter(({ verb }) =>
    ['approve', 'reject', 'override'].includes(verb),
  );
  const rejection = commands.findLastIndex(({ verb }) => verb === 'reject');
  return rejection === commands.length - 1
    ? commands.slice(rejection)
    : commands.slice(rejection + 1);
}
