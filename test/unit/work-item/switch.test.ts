import { describe, expect, it } from 'vitest';
import { renderQueue } from '../../../src/domain/ledger/projection.ts';
import { checkLegality } from '../../../src/domain/work-item/legality.ts';
import { at, issue, maintainer, owner } from '../../support/machine.ts';

const halted = () => issue().do({ kind: 'halt', reason: 'it smells' }, maintainer);
const asked = () => halted().do({ kind: 'request_resume', reason: 'found it' }, maintainer);

describe('the switch', () => {
  it.each([
    ['a halt', issue(), { kind: 'halt', reason: 'r' }, 'control.halted'],
    ['a halt while halted', halted(), { kind: 'halt', reason: 'r' }, 'unchanged'],
    [
      'a halt while somebody asks to go on',
      asked(),
      { kind: 'halt', reason: 'r' },
      'control.halted',
    ],
    ['going on', halted(), { kind: 'lift_halt', reason: 'r' }, 'control.resumed'],
    ['going on while it goes', issue(), { kind: 'lift_halt', reason: 'r' }, 'unchanged'],
    [
      'asking to go on',
      halted(),
      { kind: 'request_resume', reason: 'r' },
      'control.resume_requested',
    ],
    ['asking while it goes', issue(), { kind: 'request_resume', reason: 'r' }, 'unchanged'],
    ['asking twice', asked(), { kind: 'request_resume', reason: 'r' }, 'unchanged'],
    [
      'asking for an agent that is on',
      issue(),
      { kind: 'request_enable', agent: 'triager', reason: 'r' },
      'unchanged',
    ],
  ] as const)('%s', (_title, tale, command, outcome) => {
    expect(tale.outcome(command, maintainer)).toBe(outcome);
  });

  it('who asked is forgotten when it is moved, either way', () => {
    expect(asked().state.control.requests).toHaveLength(1);
    expect(asked().do({ kind: 'halt', reason: 'r' }, owner).state.control.requests).toBeUndefined();
    const resumed = asked().do({ kind: 'lift_halt', reason: 'r' }, owner);
    expect(resumed.state.control).toEqual({ halted: null, disabled_agents: [] });
  });

  it('and queue.json of who never asked is as it always was', () => {
    const head = { sequence: 1, hash: '0'.repeat(64) };
    expect(renderQueue(halted().state, head)).not.toContain('requests');
    expect(renderQueue(halted().state, head)).not.toContain('disabled_at');
  });

  it.each([
    ['somebody who is no human', asked().state, { kind: 'agent', id: 3, login: 'reviewer' }],
    ['somebody without an id', asked().state, { kind: 'human', id: null, login: 'ann' }],
    ['the same person again', asked().state, maintainer],
    ['anybody while it goes', issue().state, owner],
  ] as const)('a history in which %s asks to go on is not legal', (_title, state, actor) => {
    const event = {
      type: 'control.resume_requested',
      version: 1,
      item: null,
      actor,
      at,
      data: { reason: 'r' },
    } as const;
    expect(checkLegality(state, event).ok).toBe(false);
  });
});
