import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRequest } from '../../../src/adapters/policy/documents.ts';
import { loadPolicies } from '../../../src/adapters/policy/load.ts';
import { evaluate } from '../../../src/domain/policy/evaluate.ts';
import { merge } from '../../support/policy.ts';

const load = (...files: readonly string[]) =>
  loadPolicies(new Map(files.map((text, index) => [`policies/${index}.yml`, text])));

/** The faults as a reader sees them: place, then message. */
function faults(...files: readonly string[]): readonly string[] {
  const loaded = load(...files);
  return loaded.ok ? [] : loaded.refusal.message.split('\n');
}

const rule = (text: string) => `version: 1\nrules:\n  - ${text}\n`;

describe('a fault names file, line, column and remedy', () => {
  it.each<[string, string, RegExp]>([
    [
      'an unknown key, with the nearest',
      'version: 1\nrulez: []',
      /^policies\/0\.yml:2:1: unknown key "rulez"; did you mean "rules"\?$/,
    ],
    [
      'an unknown key far from any, with all',
      'version: 1\nqqqqqq: []',
      /known here: version, name, roles, rules, limits, budgets, windows, retries, milestones$/,
    ],
    ['a missing key', 'rules: []', /version: is missing; it takes 1$/],
    ['a version of another time', 'version: 2', /:1:10: version: 2 is none of 1/],
    [
      'an unknown effect, with the nearest',
      rule('{ id: a, actions: [issue.label], effect: alow }'),
      /"alow" is none of allow, require_human, deny; did you mean "allow"\?/,
    ],
    [
      'an action that is nearly a known one',
      rule('{ id: a, actions: [pull_request.merg], effect: deny }'),
      /:3:24: rules\[0\]\.actions\[0\]: unknown name "pull_request\.merg"; did you mean "pull_request\.merge"\?/,
    ],
    [
      'an agent that is nearly a known one',
      rule('{ id: a, agents: [contributer], actions: [issue.label], effect: deny }'),
      /did you mean "contributor"/,
    ],
    ['no actions at all', rule('{ id: a, actions: [], effect: allow }'), /actions: is empty/],
    [
      'a human required of nobody in particular',
      rule('{ id: a, actions: [issue.label], effect: require_human }'),
      /needs an approval/,
    ],
    [
      'an approval that nothing asks for',
      rule('{ id: a, actions: [issue.label], effect: allow, approval: { id: x, from: {} } }'),
      /an approval belongs to require_human/,
    ],
    [
      'a role nobody defined',
      rule(
        '{ id: a, actions: [issue.label], effect: require_human, approval: { id: x, from: { roles: [mainteiner] } } }\nroles: { maintainer: { permission: maintain } }',
      ),
      /unknown role "mainteiner"; did you mean "maintainer"\?/,
    ],
    [
      'a permission that is none',
      'version: 1\nroles: { a: { permission: owner } }',
      /"owner" is none of none, read, triage, write, maintain, admin/,
    ],
    [
      'a way that is none',
      rule(
        '{ id: a, actions: [issue.label], effect: require_human, approval: { id: x, from: {}, by: [mail] } }',
      ),
      /by\[0\]: "mail" is none of review, label, command/,
    ],
    [
      'a requirement that is a composite too',
      rule(
        '{ id: a, actions: [issue.label], effect: require_human, approval: { id: x, any: [{ id: y, from: {} }] } }',
      ),
      /has any, so id belong/,
    ],
    [
      'two composites in one',
      rule(
        '{ id: a, actions: [issue.label], effect: require_human, approval: { any: [{ id: y, from: {} }], all: [{ id: z, from: {} }] } }',
      ),
      /has any and all; nest/,
    ],
    [
      'a condition, at its place in the line',
      rule('{ id: a, actions: [issue.label], when: "pull_request.filez == []", effect: allow }'),
      /:3:58: rules\[0\]\.when: there is no field "filez"/,
    ],
    [
      'a zone that is none',
      'version: 1\nwindows: [{ hours: "09:00-17:00", timezone: Mars/Phobos }]',
      /IANA/,
    ],
    [
      'an offset, which knows no summer time',
      'version: 1\nwindows: [{ hours: "09:00-17:00", timezone: "+02:00" }]',
      /IANA/,
    ],
    [
      'hours that are none',
      'version: 1\nwindows: [{ hours: "9-25", timezone: UTC }]',
      /takes hours/,
    ],
    [
      'a limit that limits nothing',
      'version: 1\nlimits: [{ actions: [issue.label] }]',
      /needs per_hour or per_day/,
    ],
    [
      'a path pattern with too many stars',
      rule(
        '{ id: a, actions: [issue.label], effect: require_human, approval: { id: x, from: {}, survives: [{ paths: ["*a*b*c*d"] }] } }',
      ),
      /survives\[0\]\.paths\[0\]: .*at most three \*/,
    ],
    [
      'a key given twice',
      'version: 1\nversion: 1',
      /:2:1: the key "version" is given twice; keep one/,
    ],
    ['a text that is no YAML', 'rules: [', /policies\/0\.yml:1:9/],
    ['an empty file', '', /takes a map of keys/],
    ['a tag of its own', 'version: !!js/function 1', /tag/i],
    [
      'aliases without end',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]`,
      /too many aliases/,
    ],
  ])('%s', (_rule, text, message) => expect(faults(text).join('\n')).toMatch(message));

  it('and all of them come out at once, of all files, in the order of their places', () => {
    const found = faults(
      rule('{ id: a, actions: [issue.label], when: "nope", effect: alow, extra: 1 }'),
      'version: 3\nlimits: [{}]',
    );
    expect(found.map((line) => line.split(': ')[0])).toEqual([
      'policies/0.yml:3:44',
      'policies/0.yml:3:60',
      'policies/0.yml:3:66',
      'policies/1.yml:1:10',
      'policies/1.yml:2:10',
    ]);
  });
});

describe('several files are one set', () => {
  const a = rule('{ id: a, actions: [issue.label], effect: allow }');
  const b = rule('{ id: b, actions: [issue.label], effect: deny }');

  it('of all their rules', () => {
    const loaded = load(a, b);
    expect(loaded.ok && loaded.value.rules.map(({ id, file }) => [id, file])).toEqual([
      ['a', 'policies/0.yml'],
      ['b', 'policies/1.yml'],
    ]);
  });

  it('in which an id stands once', () => {
    expect(faults(a, a)).toHaveLength(2);
    expect(faults(a, a)[0]).toMatch(
      /2 rules have the id "a" \(policies\/0\.yml, policies\/1\.yml\)/,
    );
  });

  it('in which a role of one serves another', () => {
    const user = rule(
      '{ id: a, actions: [issue.label], effect: require_human, approval: { id: x, from: { roles: [m] } } }',
    );
    expect(load(user, 'version: 1\nroles: { m: { permission: maintain } }').ok).toBe(true);
  });

  it('in which a role stands once', () => {
    const role = 'version: 1\nroles: { m: { permission: maintain } }';
    expect(faults(role, role)[0]).toMatch(
      /role "m" stands in policies\/0\.yml and policies\/1\.yml/,
    );
  });

  it('tests are no policies, and other files neither', () => {
    const files = new Map([
      ['p/a.test.yml', 'x'],
      ['p/readme.md', 'x'],
      ['p/request.json', '{}'],
    ]);
    const loaded = loadPolicies(files);
    expect(loaded.ok && loaded.value.files).toEqual([]);
  });

  it('and one in a folder below is refused, not left out', () => {
    const loaded = loadPolicies(
      new Map([
        ['policies/a.yml', a],
        ['policies/strict/b.yml', b],
      ]),
    );
    expect(loaded.ok ? '' : loaded.refusal.message).toBe(
      'policies/strict/b.yml: policies stand in policies itself, and in no folder below; move it up',
    );
  });

  it('and no file at all denies everything', () => {
    const loaded = loadPolicies(new Map());
    expect(loaded.ok && evaluate(loaded.value, merge)).toMatchObject({
      effect: 'deny',
      satisfied: false,
    });
  });
});

describe('the digest of a set', () => {
  const digest = (files: Iterable<readonly [string, string]>) => {
    const loaded = loadPolicies(new Map(files));
    return loaded.ok ? loaded.value.digest : null;
  };
  const one = ['policies/a.yml', 'version: 1'] as const;
  const two = ['policies/b.yml', 'version: 1\nname: b'] as const;

  it('does not depend on the order of the files, nor on where the folder lies', () => {
    expect(digest([one, two])).toBe(digest([two, one]));
    expect(digest([['/elsewhere/a.yml', one[1]]])).toBe(digest([one]));
  });

  it('changes with each name and each byte', () => {
    const all = [
      digest([one]),
      digest([one, two]),
      digest([['policies/c.yml', one[1]]]),
      digest([[one[0], 'version: 1 ']]),
    ];
    expect(new Set(all).size).toBe(4);
  });
});

describe('a request', () => {
  const text = (change: (request: Record<string, unknown>) => void) => {
    const request: Record<string, unknown> = structuredClone({ ...merge });
    change(request);
    return JSON.stringify(request, null, 2);
  };
  const refusal = (json: string) => {
    const read = readRequest('request.json', json);
    return read.ok ? '' : read.refusal.message;
  };

  it('is read as it stands', () => {
    const read = readRequest('request.json', JSON.stringify(merge));
    expect(read.ok && read.value).toEqual(merge);
  });

  it('with faults tells all of them, each with its place', () => {
    const message = refusal(
      text((request) => {
        request['evidnce'] = {};
        delete request['usage'];
        request['at'] = 'yesterday';
      }),
    );
    expect(message).toMatch(
      /request\.json:\d+:\d+: unknown key "evidnce"; did you mean "evidence"\?/,
    );
    expect(message).toMatch(/usage: is missing/);
    expect(message).toMatch(/at: takes a time such as/);
  });

  it('that is no JSON says so', () => expect(refusal('{')).toMatch(/^request\.json: no JSON/));
});

describe('whatever is given as a policy or a request', () => {
  const policy = rule(
    '{ id: a, actions: [issue.label], when: "size(people) > 1", effect: require_human, approval: { id: x, from: { users: [ada] } } }',
  );
  const odd = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom(
      'null',
      '[]',
      '{}',
      ': ',
      '- ',
      '&a ',
      '*a',
      '!!x',
      '\t',
      '\n',
      '"',
      '__proto__',
      '1e999',
    ),
  );
  const damaged = (text: string) =>
    fc
      .tuple(fc.nat(text.length), fc.nat(20), odd)
      .map(([at, length, by]) => `${text.slice(0, at)}${by}${text.slice(at + length)}`);

  it('there is a set or a fault with a message, and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.oneof(damaged(policy), fc.string(), fc.json()), (text) => {
        const loaded = load(text);
        const messages = loaded.ok ? [] : loaded.refusal.faults.map(({ message }) => message);
        expect(loaded.ok || messages.length > 0).toBe(true);
        expect(messages.join()).not.toMatch(/undefined|\[object/);
      }),
      { numRuns: 60 },
    );
  });

  it('there is a request or a fault with a message', () => {
    fc.assert(
      fc.property(damaged(JSON.stringify(merge)), (text) => {
        const read = readRequest('request.json', text);
        expect(read.ok || read.refusal.message !== '').toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
