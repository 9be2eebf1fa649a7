import { describe, expect, it } from 'vitest';

import { isEcho } from '../../../src/application/intake/echo.ts';
import type { StoredDelivery } from '../../../src/ports/inbox.ts';

const ourselves = 'assent[bot]';

const delivery = (payload: StoredDelivery['payload'], event = 'push'): StoredDelivery => ({
  id: 'd1',
  event,
  action: null,
  repository: 'acme/widgets',
  installation: 1,
  received_at: '2026-11-21T10:00:00.000Z',
  body_hash: '0',
  attempts: 1,
  payload: { delivery: 'd1', repository: { default_branch: 'main' }, ...payload },
});

const by = (login: string) => ({ sender: { id: 1, login, type: 'User' } });

describe('an echo of our own acts', () => {
  it.each([
    ['our comment', { kind: 'comment.created', ...by(ourselves) }, true],
    ['our commit on the ledger', { kind: 'push', branch: 'assent/ledger', ...by(ourselves) }, true],
    [
      'our merge, which may bring other rules',
      { kind: 'push', branch: 'main', ...by(ourselves) },
      false,
    ],
    ["a person's comment", { kind: 'comment.created', ...by('ann') }, false],
    ["a namesake's comment", { kind: 'comment.created', ...by('assent') }, false],
    ['what has no sender', { kind: 'status', sender: null }, false],
    ['what cannot be read', {}, false],
  ])('%s', (_, payload, echo) => {
    expect(isEcho(delivery(payload), ourselves)).toBe(echo);
  });

  it("an agent's outcome is news, whatever it holds", () => {
    const finished = delivery({ kind: 'x', ...by(ourselves) }, 'assent.run_finished');
    expect(isEcho(finished, ourselves)).toBe(false);
  });
});
