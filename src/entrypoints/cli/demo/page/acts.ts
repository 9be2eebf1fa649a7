import { APPROVE_LABEL } from '../../../../domain/approval/acts.ts';
import type { Person } from '../../../../simulator/simulator.ts';
import { RefusedPersonError, type People } from '../people.ts';
import type { ActName, DemoView, Wait } from './view.ts';

export const persons: readonly Person[] = [
  'maintainer',
  'owner',
  'writer',
  'triager',
  'reader',
  'stranger',
];

export interface Act {
  /** On the button. */
  readonly label: string;
  readonly tone: 'good' | 'danger' | 'plain';
  /** What is said once GitHub took it. */
  readonly done: (person: Person, wait: Wait) => string;
  readonly perform: (people: People, person: Person, wait: Wait, words: string) => Promise<void>;
}

/** Each is one act on GitHub, by that person's own token: what GitHub or Assent refuses, they refuse here. */
export const acts: Readonly<Record<ActName, Act>> = {
  approve_plan: {
    label: 'Approve the plan',
    tone: 'good',
    done: (person, { number }) => `${person} put the label ${APPROVE_LABEL} on #${number}.`,
    async perform(people, person, { number }) {
      // A label that is there already cannot be put on again, and says nothing of who would.
      await people.unlabel(person, number, APPROVE_LABEL);
      await people.label(person, number, APPROVE_LABEL);
    },
  },
  approve_merge: {
    label: 'Approve the merge',
    tone: 'good',
    done: (person, { number }) => `${person} approved pull request #${number} in a review.`,
    perform: (people, person, { number }, words) => people.review(person, number, 'APPROVE', words),
  },
  approve_roadmap: {
    label: 'Approve the roadmap update',
    tone: 'good',
    done: (person, { number }) => `${person} approved the roadmap update #${number} in a review.`,
    perform: (people, person, { number }, words) => people.review(person, number, 'APPROVE', words),
  },
  request_changes: {
    label: 'Request changes',
    tone: 'plain',
    done: (person, { number }) => `${person} requested changes on #${number}.`,
    perform: (people, person, { number }, words) =>
      people.review(person, number, 'REQUEST_CHANGES', words),
  },
  reject: {
    label: 'Reject',
    tone: 'danger',
    done: (person, { number }) => `${person} commented “/assent reject” on #${number}.`,
    perform: (people, person, { number }, words) =>
      people.comment(person, number, `/assent reject ${words}`.trimEnd()),
  },
  push: {
    label: 'Push a commit',
    tone: 'plain',
    done: (person, { number }) =>
      `${person} pushed a commit to #${number}: approvals of the commit before it end.`,
    async perform(people, person, { number }, words) {
      const { branch } = await people.pullRequest(number);
      await people.appendTo(person, branch, 'README.md', oneLine(words) || 'Made for people.');
    },
  },
  close: {
    label: 'Close it',
    tone: 'plain',
    done: (person, { number }) => `${person} closed #${number}.`,
    perform: (people, person, { number }) => people.closeIssue(person, number),
  },
  answer: {
    label: 'Answer',
    tone: 'good',
    done: (person, { number }) => `${person} answered on #${number}.`,
    perform: (people, person, { number }, words) => people.comment(person, number, words),
  },
  retry: {
    label: 'Try again',
    tone: 'good',
    done: (person, { number }) => `${person} commented “/assent retry” on #${number}.`,
    perform: (people, person, { number }) => people.comment(person, number, '/assent retry'),
  },
};

/** What of a person's own words must come along. */
const wanting: Partial<Readonly<Record<ActName, string>>> = {
  request_changes: 'Say what should change, then request changes.',
  answer: 'Write an answer first.',
};

/** A person's words go nowhere with these. */
export const wordless: ReadonlySet<ActName> = new Set(['approve_plan', 'close', 'retry']);

const oneLine = (words: string): string => words.replace(/\s+/g, ' ').trim();

export interface Outcome {
  readonly ok: boolean;
  readonly text: string;
}

/** Does what a form asks for, where the page still offers it. */
export async function doAct(
  people: People,
  { waits }: DemoView,
  form: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const { wait: key = '', act: name = '', person = '', words = '' } = form;
  const wait = waits.find((one) => one.key === key);
  if (wait === undefined) {
    return refused('It does not wait for that any more: it has moved on since the page was shown.');
  }
  const offered = wait.acts.find((one) => one === name);
  const who = persons.find((one) => one === person);
  if (offered === undefined || who === undefined) return refused('That is not offered here.');
  const said = words.trim();
  const missing = said === '' ? wanting[offered] : undefined;
  if (missing !== undefined) return refused(missing);
  try {
    await acts[offered].perform(people, who, wait, said);
    return { ok: true, text: acts[offered].done(who, wait) };
  } catch (error) {
    if (error instanceof RefusedPersonError) return refused(`GitHub refuses: ${error.message}`);
    throw error;
  }
}

const refused = (text: string): Outcome => ({ ok: false, text });
