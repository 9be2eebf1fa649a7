import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesAsFolder } from '../../../src/application/ledger/files-as-folder.ts';
import { inspectLedger } from '../../../src/application/ledger/inspect-ledger.ts';
import { decisionTools, eventShapes, sha256 } from '../../../src/composition.ts';
import { chain } from '../../../src/domain/ledger/chain.ts';
import { EMPTY_CHAIN, type EventDraft } from '../../../src/domain/ledger/envelope.ts';
import { eventLine, HISTORY_FOLDER, segmentPath } from '../../../src/domain/ledger/segments.ts';
import { upcast, type KnownEvent } from '../../../src/domain/ledger/upcast.ts';

const kept = new URL('../../fixtures/ledger/2026-11-21-verdicts/', import.meta.url);

/** A loop that was recorded, up to its first merge. */
const recorded = (): KnownEvent[] => {
  const folder = new URL(`${HISTORY_FOLDER}/`, kept);
  const lines = readdirSync(folder)
    .toSorted()
    .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n'));
  const events = lines.map((line) => {
    const event = upcast(JSON.parse(line));
    if (event === null) throw new Error(`not known: ${line}`);
    return event;
  });
  return events.slice(0, events.findIndex(({ type }) => type === 'item.merged') + 1);
};

type Change = (event: KnownEvent) => EventDraft;

/** The history as somebody writes it who gets every hash right. */
const forged = (change: Change, more: readonly EventDraft[] = []) => {
  const drafts = [...recorded().map(change), ...more];
  const events = chain(EMPTY_CHAIN, drafts, sha256);
  const files = new Map([[segmentPath(1), events.map(eventLine).join('')]]);
  return inspectLedger(filesAsFolder(files), sha256, {
    shapes: eventShapes,
    decisions: decisionTools,
  });
};

/** Of the merge: the last of its kind before it. */
const lastIndex = (type: KnownEvent['type']): number =>
  recorded().findLastIndex((event) => event.type === type);

const at = (type: KnownEvent['type'], change: (data: never) => unknown): Change => {
  const id = recorded()[lastIndex(type)]?.id;
  return (event) =>
    event.id === id ? { ...event, data: change(structuredClone(event.data) as never) } : event;
};

interface Facts {
  people: Record<string, { permission: string; [key: string]: unknown }>;
  evidence: { reviews: unknown[] };
}

const mergeVerdicts =
  (change: (data: { facts: Facts } & Record<string, unknown>) => void): Change =>
  (event) => {
    if (event.type !== 'verdict.given' || event.data.action !== 'pull_request.merge') return event;
    const data = structuredClone(event.data) as never;
    change(data);
    return { ...event, data };
  };

const maintainer = { id: 102, login: 'maintainer' };

/** The merge's gate as if it had been overridden by this person, of whom the facts know the permission. */
const overridden =
  (person: { readonly id: number; readonly login: string }, permission: string): Change =>
  (event) => {
    if (event.type === 'gate.approved' && event.data.action === 'pull_request.merge') {
      const data = { ...event.data, justification: 'It cannot wait.' };
      return { ...event, type: 'gate.overridden', data };
    }
    if (event.type === 'approval.given' && event.data.approval.gate === 'pull_request.merge') {
      const by = { by: 'override', step: 'override' };
      const approval = { ...event.data.approval, ...person, ...by };
      const actor = { kind: 'human' as const, ...person };
      return { ...event, actor, data: { ...event.data, approval } };
    }
    return mergeVerdicts(({ facts }) => {
      const { id, login } = person;
      facts.people[login] = { id, permission, teams: [], organizations: [] };
    })(event);
  };

const unchanged: Change = (event) => event;

const forgeries: readonly {
  readonly name: string;
  readonly change: Change;
  readonly more?: readonly EventDraft[];
  readonly code: string;
  readonly says: RegExp;
}[] = [
  {
    name: 'policies whose text is not what their digest says',
    change: at('policy.adopted', (data: { files: { text: string }[] }) => {
      for (const file of data.files) file.text += '# looser\n';
      return data;
    }),
    code: 'policy.digest',
    says: /their text hashes to [0-9a-f]{64}/,
  },
  {
    name: 'a decision under other policies than were in force',
    change: (event) =>
      event.type === 'gate.approved' ? { ...event, policy: 'b'.repeat(64) } : event,
    code: 'policy.mismatch',
    says: /under the policies b{64}, while/,
  },
  {
    name: 'a verdict that the policies do not give',
    change: mergeVerdicts((data) => {
      data.effect = 'allow';
    }),
    code: 'verdict.differs',
    says: /effect is recorded as "allow", they say "require_human"/,
  },
  {
    name: 'an approver whose permission was not enough',
    change: mergeVerdicts(({ facts }) => {
      for (const person of Object.values(facts.people)) person.permission = 'read';
    }),
    code: 'approval.unauthorised',
    says: /by maintainer \(review\), who at that time had read; step code takes .*maintain/,
  },
  {
    name: 'an approval that the facts do not show, in a verdict made to fit',
    change: mergeVerdicts((data) => {
      data.facts.evidence.reviews = [];
      data.approvers = [];
      data.satisfied = false;
    }),
    code: 'gate.unauthorised',
    says: /approves pull_request.merge on .*step code has 0 of 1/,
  },
  {
    name: 'an approval by another than the verdict counts',
    change: (event) =>
      event.type === 'approval.given' && event.data.approval.gate === 'pull_request.merge'
        ? {
            ...event,
            actor: { ...event.actor, id: 9, login: 'mallory' },
            data: { ...event.data, approval: { ...event.data.approval, id: 9, login: 'mallory' } },
          }
        : event,
    code: 'approval.unauthorised',
    says: /by mallory \(review\), who at that time had no known permission/,
  },
  {
    name: 'an approval said to have been given on another head than the facts show',
    change: at('approval.given', (data: object) => ({ ...data, given_on: 'd'.repeat(40) })),
    code: 'approval.unauthorised',
    says: /show no such approval given on d{12} and standing on [0-9a-f]{12}/,
  },
  {
    name: 'an override by somebody whose approval would not count',
    change: overridden({ id: 103, login: 'triager' }, 'triage'),
    code: 'approval.unauthorised',
    says: /by triager \(override\), who at that time had triage; step code takes .*maintain/,
  },
  {
    name: 'an override of a gate that still waits',
    change: (event) =>
      mergeVerdicts((data) => {
        data.facts.evidence.reviews = [];
        data.approvers = [];
        data.satisfied = false;
      })(overridden(maintainer, 'maintain')(event) as KnownEvent),
    code: 'gate.unauthorised',
    says: /approves pull_request.merge on .*step code has 0 of 1/,
  },
  {
    name: "an approval that somebody's agent recorded as theirs",
    change: (event) =>
      event.type === 'approval.given'
        ? { ...event, actor: { kind: 'agent', id: null, login: 'reviewer' } }
        : event,
    code: 'approval.not_human',
    says: /by maintainer, recorded by reviewer \(agent\), who is not that person/,
  },
  {
    name: 'a switch that no human moved',
    change: unchanged,
    more: [
      {
        id: 'forged',
        at: '2030-01-01T00:00:00.000Z',
        type: 'control.halted',
        version: 1,
        item: null,
        actor: { kind: 'agent', id: null, login: 'reviewer' },
        data: { reason: 'stop' },
        cause: null,
        policy: null,
      },
    ],
    code: 'switch.not_human',
    says: /control\.halted by reviewer, who is no human/,
  },
];

const history = ({ code }: { readonly code: string }): boolean =>
  !/^(queue|log|segment)\./.test(code);

describe('decisions made again', () => {
  it('come out as recorded where nobody touched them', async () => {
    const { findings } = await forged(unchanged);
    expect(findings.filter(history)).toEqual([]);
  });

  it('come out as recorded where somebody overrode who could', async () => {
    const { findings } = await forged(overridden(maintainer, 'maintain'));
    const decided = findings.filter(({ code }) => /^(approval|gate|verdict|decisions)/.test(code));
    expect(decided).toEqual([]);
  });

  it.each(forgeries.map((one) => [one.name, one] as const))('show %s', async (_, forgery) => {
    const { change, more, code, says } = forgery;
    const { status, findings } = await forged(change, more);
    expect(status).toBe('faulty');
    const found = findings.filter((finding) => finding.code === code);
    expect(found.map(({ message }) => message).join('\n')).toMatch(says);
    expect(found[0]).toMatchObject({ severity: 'fault', file: segmentPath(1) });
    expect(found[0]?.event).toBeGreaterThan(0);
  });

  it('cannot be told where the policies cannot be read any more', async () => {
    const text = 'version: 1\nname: default\nrulez: []\n';
    const digest = decisionTools.digest(new Map([['policies/default.yml', text]]));
    const { findings } = await forged((event) => {
      const files = [{ path: 'policies/default.yml', text }];
      const policy = event.policy === null ? null : digest;
      return event.type === 'policy.adopted'
        ? { ...event, policy, data: { digest, files } }
        : { ...event, policy };
    });
    expect(findings.filter(history).map(({ severity, code }) => [severity, code])).toEqual([
      ['inconclusive', 'policy.unreadable'],
      ['note', 'decisions.not_checked'],
    ]);
  });

  it('are not asked for where nothing was recorded to make them on', async () => {
    const { status, findings } = await forged((event) =>
      event.type === 'verdict.given'
        ? { ...event, data: { ...event.data, facts: null, facts_missing: 'too large' } }
        : event,
    );
    expect(findings.filter(history).map(({ code }) => code)).toEqual(['decisions.not_checked']);
    expect(status).toBe('faulty');
  });
});
