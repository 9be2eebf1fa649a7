import { afterAll, beforeAll, describe } from 'vitest';

import type { Harness } from './harness.ts';
import { discussionRules } from './rules-discussion.ts';
import { evidenceRules } from './rules-evidence.ts';
import { mergeRules } from './rules-merge.ts';
import { peopleRules } from './rules-people.ts';
import { pullRequestRules } from './rules-pull-requests.ts';
import { queueRules } from './rules-queue.ts';
import { reviewRules } from './rules-reviews.ts';
import type { Scene } from './scene.ts';
import { sceneIn } from './scene.ts';

/** Given to each group of rules; good within tests only. */
export interface Stage {
  readonly harness: Harness;
  readonly scene: Scene;
}

/** What every code host does, GitHub itself or what stands in for it. */
export function describeCodeHost(
  name: string,
  makeHarness: () => Promise<Harness>,
  options: { readonly skip?: boolean } = {},
): void {
  describe.skipIf(options.skip === true)(`a code host (${name})`, () => {
    let harness: Harness;
    let scene: Scene;
    beforeAll(async () => {
      harness = await makeHarness();
      scene = sceneIn(harness);
    });
    afterAll(() => harness.close());

    const stage = (): Stage => ({ harness, scene });
    discussionRules(stage);
    pullRequestRules(stage);
    reviewRules(stage);
    evidenceRules(stage);
    mergeRules(stage);
    queueRules(stage);
    peopleRules(stage);
  });
}
