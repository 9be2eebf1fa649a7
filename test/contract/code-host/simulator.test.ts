import { describe, expect, it } from 'vitest';

import { createGitHub } from '../../../src/adapters/github/github.ts';
import { seedWidgets } from '../../../src/simulator/seed.ts';
import type { StandAlone } from '../../../src/simulator/stand-alone.ts';
import { startStandAlone } from '../../../src/simulator/stand-alone.ts';
import type { Harness } from './harness.ts';
import { describeCodeHost } from './suite.ts';

let alone: StandAlone | undefined;

/** Requests are held to GitHub's description too: here the client is under test as much as the simulator. */
async function onSimulator(): Promise<Harness> {
  alone = await startStandAlone({
    strictRequests: true,
    // Nobody listens there: what is sent is logged all the same.
    webhookUrl: 'http://127.0.0.1:9/',
  });
  const { simulator } = alone;
  const { fullName } = await seedWidgets(simulator);
  const connect = () =>
    createGitHub({
      appId: simulator.app.id,
      privateKey: simulator.app.privateKey,
      baseUrl: simulator.url,
      pace: false,
      retryDelay: 10,
    });
  const ref = (await connect().repositories()).find((one) => one.full_name === fullName);
  if (ref === undefined) throw new Error(`the App is not installed on ${fullName}`);
  return {
    ref,
    connect,
    people: simulator.people,
    as: (person, method, path, body) => simulator.as(person)(method, path, body),
    delivers: true,
    queue: (branch, on) =>
      simulator.setMergeQueue(fullName, branch, on ? { method: 'merge' } : null),
    team: { name: `${ref.owner}/core`, member: simulator.people.maintainer.login },
    close: () => simulator.close(),
  };
}

describeCodeHost('the simulator', onSimulator);

describe('all of that', () => {
  it('was as GitHub describes it: requests, answers, webhooks and GraphQL', () => {
    expect(alone?.validator.report().mismatches).toEqual([]);
    expect(alone?.validator.report().requests).toBeGreaterThan(100);
  });
});
