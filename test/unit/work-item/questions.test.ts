import { describe, expect, it } from 'vitest';
import { workOf } from '../../../src/domain/work-item/work.ts';
import { holds } from '../../support/machine-rules.ts';
import {
  approval,
  assessed,
  issue,
  maintainer,
  planAsked,
  question,
  type Tale,
} from '../../support/machine.ts';

const adopted = (): Tale =>
  planAsked()
    .do(assessed('plan.adopt', 'p', [approval('plan.adopt', 'p', 'label')], true))
    .do({ kind: 'resume' })
    .do({ kind: 'complete_stage' });

const working = (): Tale => adopted().do({ kind: 'start_run', agent: 'contributor' });
const asked = (tale: Tale = working()): Tale =>
  tale.do({ kind: 'ask_human', asked: question(tale.item.run ?? '') });
const answer = { kind: 'answer_question', given: { comment: 5, answer: 'The first.' } } as const;

describe('a question of an agent', () => {
  it('waits with its text, and says whose it is', () => {
    expect(asked().item).toMatchObject({
      authority: 'waiting_for_information',
      missing: ['Which of the two?'],
      asked_by: 'contributor',
      attempts: 0,
      tokens: 11,
    });
  });

  it('begins again with its checkpoint and the answer, as another run', () => {
    const tale = asked();
    const before = tale.item.run;
    const again = tale.do(answer, maintainer);
    expect(again.item.asked_by).toBeUndefined();
    expect(workOf(again.state, again.item.id).question).toMatchObject({
      checkpoint: { step: 2 },
      answer: { by: maintainer.login, text: 'The first.' },
    });
    const run = again.do({ kind: 'start_run', agent: 'contributor' }).item.run;
    expect(run).not.toBe(before);
  });

  it('is over with its stage', () => {
    const done = asked()
      .do(answer, maintainer)
      .do({ kind: 'start_run', agent: 'contributor' })
      .do({ kind: 'complete_stage' });
    expect(workOf(done.state, done.item.id).question).toBeNull();
  });

  holds([
    {
      rule: 'is answered by people alone',
      given: asked,
      when: answer,
      gives: 'actor.not_human',
    },
    {
      rule: 'is not answered by an edit of the issue or a word of its author',
      given: asked,
      when: { kind: 'give_information', comment: null },
      gives: 'question.other',
    },
    {
      rule: 'is none where the author was asked',
      given: () =>
        issue()
          .do({ kind: 'start_run', agent: 'triager' })
          .do({ kind: 'request_information', missing: ['which?'] }),
      when: answer,
      by: maintainer,
      gives: 'question.other',
    },
    {
      rule: 'of a run that is over counts for nothing',
      given: working,
      when: { kind: 'ask_human', asked: question('issue-1/triage/0/0') },
      gives: 'run.stale',
    },
  ]);
});

describe('the work of one agent', () => {
  const proposed = (tale: Tale, agent: 'triager' | 'contributor', action: string): Tale =>
    tale.do({
      kind: 'propose',
      proposal: {
        agent,
        run: tale.item.run ?? '',
        action,
        digest: 'd',
        content: {},
        usage: { input_tokens: 1, output_tokens: 1, usd: null, model: null },
      },
    });
  const triaged = (): Tale =>
    proposed(issue().do({ kind: 'start_run', agent: 'triager' }), 'triager', 'issue.label');

  it('is handed to the next once, with what let it go on', () => {
    const tale = triaged().do({ kind: 'return_to', stage: 'triage', reason: 'x' });
    expect(tale.outcome({ kind: 'start_run', agent: 'contributor' })).toBe(
      'run.started, work.handed_over',
    );
    const taken = tale
      .do({ kind: 'start_run', agent: 'contributor' })
      .do({ kind: 'fail_run', code: 'x', reason: 'y', retry_at: 'later' });
    expect(taken.outcome({ kind: 'start_run', agent: 'contributor' })).toBe('run.started');
  });

  it('is not handed to itself', () => {
    const tale = triaged().do({ kind: 'return_to', stage: 'triage', reason: 'edited' });
    expect(tale.outcome({ kind: 'start_run', agent: 'triager' })).toBe('run.started');
  });
});
