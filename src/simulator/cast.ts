import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { Credentials } from './auth.ts';
import type { Person, PersonAccount, SimulatorPeople } from './face.ts';
import type { Account, AppRecord, Permissions, Role } from './model.ts';

export const roles: Readonly<Record<Person, Role>> = {
  owner: 'admin',
  maintainer: 'maintain',
  writer: 'write',
  triager: 'triage',
  reader: 'read',
  stranger: 'none',
};

const isPerson = (text: string): text is Person => text in roles;

export const personNames = Object.keys(roles).filter((name) => isPerson(name));

/** What `assent` asks for; `otherapp` has the same, so that only who it is makes the difference. */
export const permissions: Permissions = {
  metadata: 'read',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  checks: 'write',
  merge_queues: 'write',
  statuses: 'read',
  actions: 'read',
  members: 'read',
};

const events: readonly string[] = [
  'check_run',
  'check_suite',
  'create',
  'delete',
  'issue_comment',
  'issues',
  'label',
  'merge_group',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_review_thread',
  'push',
  'status',
];

/** GitHub's own account, which merges what stands in a merge queue. */
export const queueBot: Account = {
  id: 118_344_674,
  login: 'github-merge-queue[bot]',
  name: null,
  type: 'Bot',
};

const generate = promisify(generateKeyPair);

export const makeKeys = (): Promise<{ publicKey: string; privateKey: string }> =>
  generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

export function makePeople(): Readonly<Record<Person, Account>> {
  const person = (login: Person, id: number): Account => ({
    id,
    login,
    name: `${login.charAt(0).toUpperCase()}${login.slice(1)}`,
    type: 'User',
  });
  return {
    owner: person('owner', 101),
    maintainer: person('maintainer', 102),
    writer: person('writer', 103),
    triager: person('triager', 104),
    reader: person('reader', 105),
    stranger: person('stranger', 106),
  };
}

export function makeApp(
  number: number,
  slug: string,
  publicKey: string,
  owner: Account,
  createdAt: string,
): AppRecord {
  return {
    id: 500_000 + number,
    slug,
    name: slug,
    clientId: `Iv23li${slug.padEnd(14, 'x')}`,
    owner,
    bot: { id: 200 + number, login: `${slug}[bot]`, name: `${slug}[bot]`, type: 'Bot' },
    publicKey,
    permissions,
    events,
    createdAt,
    installation: { id: 700_000 + number, account: owner, repositories: new Set(), createdAt },
  };
}

export function issueTokens(
  credentials: Credentials,
  people: Readonly<Record<Person, Account>>,
): SimulatorPeople {
  const of = (person: Person): PersonAccount => ({
    login: people[person].login,
    id: people[person].id,
    token: credentials.issueUserToken(people[person]),
  });
  return {
    owner: of('owner'),
    maintainer: of('maintainer'),
    writer: of('writer'),
    triager: of('triager'),
    reader: of('reader'),
    stranger: of('stranger'),
  };
}
