import { readFileSync } from 'node:fs';

import { z } from 'zod';

import { createGitHub } from '../../../src/adapters/github/github.ts';
import type { Harness, Person } from './harness.ts';
import { PEOPLE } from './harness.ts';
import { describeCodeHost } from './suite.ts';

/**
 * The same on GitHub itself: an App installed on a repository made for this, and the token of its owner. Tokens of more
 * people (`GITHUB_TEST_TOKEN_MAINTAINER`, …) let more rules be tried. It leaves issues, branches and merges behind.
 */
const NEEDED = [
  'GITHUB_TEST_REPOSITORY',
  'GITHUB_TEST_TOKEN',
  'GITHUB_TEST_APP_ID',
  'GITHUB_TEST_PRIVATE_KEY_PATH',
] as const;

const given = (name: string): string => process.env[name] ?? '';
const missing = NEEDED.filter((name) => given(name) === '');
const baseUrl = process.env['GITHUB_TEST_API'] ?? 'https://api.github.com';

async function onGitHub(): Promise<Harness> {
  const fullName = given('GITHUB_TEST_REPOSITORY').toLowerCase();
  const connect = () =>
    createGitHub({
      appId: given('GITHUB_TEST_APP_ID'),
      privateKey: readFileSync(given('GITHUB_TEST_PRIVATE_KEY_PATH'), 'utf8'),
      baseUrl,
    });
  const ref = (await connect().repositories()).find(
    (one) => one.full_name.toLowerCase() === fullName,
  );
  if (ref === undefined) throw new Error(`the App is not installed on ${fullName}`);

  const people: Partial<Record<Person, { readonly login: string }>> = {};
  for (const person of PEOPLE) if (tokenOf(person) !== '') people[person] = await accountOf(person);
  return {
    ref,
    connect,
    people,
    as: send,
    delivers: given('GITHUB_TEST_WEBHOOK') !== '',
    close: () => Promise.resolve(),
  };
}

const tokenOf = (person: Person): string =>
  given(person === 'owner' ? 'GITHUB_TEST_TOKEN' : `GITHUB_TEST_TOKEN_${person.toUpperCase()}`);

const accountOf = async (person: Person): Promise<{ readonly login: string }> =>
  z.object({ login: z.string() }).parse((await send(person, 'GET', '/user')).body);

async function send(person: Person, method: string, path: string, body?: unknown) {
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${tokenOf(person)}`,
      accept: 'application/vnd.github+json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

const name = missing.length === 0 ? 'GitHub' : `GitHub: not asked, ${missing.join(', ')} not given`;
describeCodeHost(name, onGitHub, { skip: missing.length > 0 });
