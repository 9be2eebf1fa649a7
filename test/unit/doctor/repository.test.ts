import { describe, expect, it } from 'vitest';
import { judgePrograms, judgeSandbox } from '../../../src/domain/doctor/machine.ts';
import {
  judgeRepository,
  type BranchRules,
  type RepositoryFacts,
} from '../../../src/domain/doctor/repository.ts';
import { ok, refuse } from '../../../src/domain/result.ts';

const ourselves = { app_id: 7, slug: 'assent', check: 'assent', labels: ['assent:approve'] };
const rules = (change: Partial<BranchRules> = {}) =>
  ok({
    exists: true,
    protected: false,
    rules: ['pull_request', 'deletion'],
    required_checks: [{ name: 'assent', app_id: 7 }],
    ...change,
  });
const ledger = rules({ rules: ['update', 'deletion', 'non_fast_forward'] });
const sound: RepositoryFacts = {
  full_name: 'acme/widgets',
  default_branch: 'main',
  default_rules: rules(),
  ledger_branch: 'assent/ledger',
  ledger_rules: ledger,
  configuration: null,
  policies: ok(3),
  labels: ok(['bug', 'Assent:Approve']),
};

describe('of a repository', () => {
  it.each<[string, Partial<RepositoryFacts>, readonly string[]]>([
    ['nothing is wrong as documented', {}, []],
    [
      'nothing is wrong where the default branch is protected the older way',
      { default_rules: rules({ rules: [], protected: true }) },
      [],
    ],
    [
      'a default branch that anybody may push to is worth a word',
      { default_rules: rules({ rules: [] }) },
      ['advice main: whoever may write may push'],
    ],
    [
      'a check not required is worth a word',
      { default_rules: rules({ required_checks: [] }) },
      ['advice main: people can merge'],
    ],
    [
      'a required check that anybody may report is a fault',
      { default_rules: rules({ required_checks: [{ name: 'assent', app_id: null }] }) },
      ['fault main: the required check "assent" is taken from anybody'],
    ],
    [
      'a required check pinned to another App is a fault',
      { default_rules: rules({ required_checks: [{ name: 'assent', app_id: 8 }] }) },
      ['fault main: the required check "assent" is taken from App 8'],
    ],
    [
      'an empty repository is a fault',
      { default_rules: rules({ exists: false }) },
      ['fault main: is not there'],
    ],
    [
      'rules that cannot be read are not known to be there',
      { default_rules: refuse('github.refused', '403') },
      ['unknown rules of main'],
    ],
    ...['update', 'deletion', 'non_fast_forward'].map(
      (gone): [string, Partial<RepositoryFacts>, readonly string[]] => [
        `a ledger without the rule ${gone} is worth a word`,
        {
          ledger_rules: rules({
            rules: ['update', 'deletion', 'non_fast_forward'].filter((one) => one !== gone),
          }),
        },
        ['advice assent/ledger: whoever may write can write there'],
      ],
    ),
    [
      'a ledger to come is judged by the rules that wait for it',
      { ledger_rules: rules({ exists: false, rules: [] }) },
      ['advice assent/ledger: will be open'],
    ],
    ['no policy is a fault', { policies: ok(0) }, ['fault policies: there is none']],
    [
      'policies that do not load are a fault',
      { policies: refuse('policy.malformed', 'line 3') },
      ['fault policies: line 3'],
    ],
    [
      'a malformed configuration is a fault',
      { configuration: { code: 'config.malformed', message: 'line 2' } },
      ['fault .github/assent.yml: line 2'],
    ],
    ['a label missing is worth a word', { labels: ok([]) }, ['advice labels: assent:approve']],
  ])('%s', (_title, change, expected) => {
    const found = judgeRepository({ ...sound, ...change }, ourselves).filter(
      ({ state }) => state !== 'fine',
    );
    expect(found.map(({ state, message }) => `${state} ${message}`)).toEqual(
      expected.map((text) => expect.stringMatching(new RegExp(`^${text}`, 'u'))),
    );
    expect(found.every(({ remedy }) => (remedy ?? '') !== '')).toBe(true);
  });
});

describe('of the machine', () => {
  it.each([
    ['git version 2.39.5', 'fine'],
    ['git version 2.38.0', 'fine'],
    ['git version 2.37.9', 'fault'],
    ['git version 1.9.1', 'fault'],
    ['git version 3.0.0', 'fine'],
    [null, 'fault'],
  ])('%s is %s', (git, state) => {
    expect(judgePrograms({ node: 'v24', git, ripgrep: 'ripgrep 13' })[1]).toMatchObject({ state });
  });

  it.each([
    ['bubblewrap', 'fine'],
    ['container', 'fine'],
    ['unsafe-host', 'advice'],
    ['unavailable', 'fault'],
  ])('a sandbox that is %s is %s', (kind, state) => {
    expect(judgeSandbox({ kind, reason: 'so' })).toMatchObject({ state });
  });
});
