import type { Doer } from '../actor.ts';
import type { RepositoryRecord } from '../model.ts';
import { fullName } from '../world.ts';
import type { World } from '../world.ts';
import { closeIssue } from './issues.ts';

const keyword = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+\/[\w.-]+))?#(\d+)\b/gi;

/** GitHub's closing keywords, for issues of the same repository. */
export function closeReferenced(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  text: string,
  commitId: string,
): void {
  for (const [, elsewhere, number] of text.matchAll(keyword)) {
    if (elsewhere !== undefined && elsewhere.toLowerCase() !== fullName(repository).toLowerCase()) {
      continue;
    }
    const issue = repository.issues.get(Number(number));
    if (issue !== undefined && issue.pull === null) {
      closeIssue(world, repository, by, issue, 'completed', commitId);
    }
  }
}
