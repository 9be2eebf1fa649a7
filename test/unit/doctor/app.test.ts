import { describe, expect, it } from 'vitest';
import {
  judgeApp,
  judgeInstallations,
  judgeWebhook,
  type AppFacts,
  type InstallationFacts,
  type WebhookFacts,
} from '../../../src/domain/doctor/app.ts';
import type { Finding } from '../../../src/domain/doctor/finding.ts';
import { ok, refuse } from '../../../src/domain/result.ts';

const settings = 'https://github.example/settings/apps/assent';
const sound: AppFacts = {
  slug: 'assent',
  permissions: {
    metadata: 'read',
    contents: 'write',
    issues: 'write',
    pull_requests: 'write',
    checks: 'write',
    statuses: 'read',
    actions: 'read',
    members: 'read',
  },
  events: ['issues', 'push'],
  clock_ahead: 0.4,
  settings,
};
const without = (name: string): AppFacts => {
  const { [name]: _gone, ...permissions } = sound.permissions;
  return { ...sound, permissions };
};
const granting = (more: AppFacts['permissions']): AppFacts => ({
  ...sound,
  permissions: { ...sound.permissions, ...more },
});
/** What is not fine, as `state about: message`. */
const wrongs = (findings: readonly Finding[]) =>
  findings
    .filter(({ state }) => state !== 'fine')
    .map(({ state, about, message }) => `${state} ${about}: ${message}`);

describe('of the App', () => {
  const judged = (app: AppFacts) => wrongs(judgeApp(ok(app), ['issues', 'push']));

  it('nothing is wrong where it has what it needs, and no more', () => {
    expect(judged(sound)).toEqual([]);
    expect(judged(granting({ merge_queues: 'write' }))).toEqual([]);
  });

  it.each([
    ['a permission missing', without('checks'), 'fault permissions: missing: checks: write'],
    [
      'a permission to read where it has to write',
      granting({ contents: 'read' }),
      'fault permissions: missing: contents: write',
    ],
    [
      'a permission it has no use for',
      granting({ pages: 'read' }),
      'advice permissions: more than Assent uses: pages: read',
    ],
    [
      'more than it uses of what it needs',
      granting({ members: 'write' }),
      'advice permissions: more than Assent uses: members: write',
    ],
    [
      'an event not subscribed to',
      { ...sound, events: ['push'] },
      'fault events: not subscribed to issues',
    ],
  ])('%s', (_title, app, expected) => {
    expect(judged(app)).toEqual([expected]);
  });

  it.each(['workflows', 'secrets', 'administration', 'environments'])(
    'writing %s is a fault: who has its key could change what judges it',
    (name) => {
      expect(judged(granting({ [name]: 'write' }))).toEqual([
        expect.stringMatching(`^fault permissions: ${name}: write`),
      ]);
    },
  );

  it.each([
    [-31, 'is 31 s ahead of'],
    [45, 'is 45 s behind'],
  ])('a clock that GitHub’s is %d s ahead of is a fault', (clock_ahead, said) => {
    expect(judged({ ...sound, clock_ahead })).toEqual([expect.stringContaining(said)]);
  });

  it('a clock GitHub says nothing of is not known to be right', () => {
    expect(judged({ ...sound, clock_ahead: null })).toEqual([
      expect.stringMatching(/^unknown clock/u),
    ]);
  });

  it.each([
    ['github.refused', 'fault'],
    ['github.unreachable', 'unknown'],
  ])('an answer of %s is a finding by itself: %s', (code, state) => {
    expect(judgeApp(refuse(code, 'no'), [])).toMatchObject([{ state, message: 'no' }]);
  });
});

describe('of its webhook', () => {
  const good: WebhookFacts = {
    url: 'https://assent.example/api/github/webhooks',
    content_type: 'json',
    has_secret: true,
    checks_certificate: true,
  };
  it.each<[string, Partial<WebhookFacts>, readonly string[]]>([
    ['nothing is wrong as documented', {}, []],
    ['no address', { url: null }, ['has no address']],
    [
      'another address',
      { url: 'https://assent.example/hook' },
      ['no address of Assent’s'.replace('’', "'")],
    ],
    ['no secret', { has_secret: false }, ['no secret']],
    ['forms in place of JSON', { content_type: 'form' }, ['sends form']],
    ['certificates unchecked', { checks_certificate: false }, ['certificates are not checked']],
    [
      'all faults at once',
      { has_secret: false, content_type: 'form' },
      ['no secret', 'sends form'],
    ],
  ])('%s', (_title, change, expected) => {
    expect(wrongs(judgeWebhook(ok({ ...good, ...change }), settings))).toEqual(
      expected.map((text) => expect.stringContaining(text)),
    );
  });
});

describe('of its installations', () => {
  const one: InstallationFacts = {
    account: 'acme',
    permissions: sound.permissions,
    events: sound.events,
    suspended: false,
    repositories: 2,
    settings: 'https://github.example/installations/1',
  };
  it.each<[string, readonly InstallationFacts[], readonly string[]]>([
    ['nothing is wrong with one that has accepted all', [one], []],
    ['none at all', [], ['installed nowhere']],
    ['suspended', [{ ...one, suspended: true }], ['suspended']],
    ['on no repository', [{ ...one, repositories: 0 }], ['no repository']],
    ['with old permissions', [{ ...one, permissions: { metadata: 'read' } }], ['not accepted']],
    ['with old events', [{ ...one, events: [] }], ['not accepted']],
  ])('%s', (_title, all, expected) => {
    expect(wrongs(judgeInstallations(ok(all), sound))).toEqual(
      expected.map((text) => expect.stringContaining(text)),
    );
  });
});
