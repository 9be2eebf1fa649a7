import { createHash } from 'node:crypto';
import type { ReviewBrief } from '../../src/agents/reviewer/brief.ts';
import { hunksByFile, type ReviewedFile } from '../../src/domain/review/change.ts';
import { riskOf } from '../../src/domain/review/risk.ts';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A changed file as its hunks say, each `@@ -1,2 +1,3 @@ heading` and its lines. */
export function reviewed(
  path: string,
  patch: string,
  more: Partial<ReviewedFile> = {},
): ReviewedFile {
  const hunks = hunksByFile(`diff --git a/x b/x\n${patch}`, [{ path, status: 'modified' }]);
  const lines = (hunks?.get(path) ?? []).flatMap((hunk) => hunk.lines);
  return {
    path,
    status: 'modified',
    additions: lines.filter(({ kind }) => kind === 'added').length,
    deletions: lines.filter(({ kind }) => kind === 'removed').length,
    binary: false,
    old_mode: '100644',
    new_mode: '100644',
    hunks: hunks?.get(path) ?? [],
    left_out: null,
    ...more,
  };
}

/** Lines added to an empty place, from the line given on. */
export const adding = (path: string, lines: readonly string[], from = 1): ReviewedFile =>
  reviewed(
    path,
    `@@ -0,0 +${from},${lines.length} @@\n${lines.map((text) => `+${text}`).join('\n')}`,
  );

export const noFacts = {
  secrets: [],
  checks: [],
  dependencies: [],
  coverage: null,
  churn: null,
} as const;

export function reviewBrief(
  files: readonly ReviewedFile[],
  more: Partial<ReviewBrief> = {},
): ReviewBrief {
  return {
    item: 'pull-3',
    round: 0,
    nonce: 'n0nce',
    repository: 'acme/widgets',
    pull_request: {
      number: 3,
      title: 't',
      body: '',
      author: 'ann',
      head: 'c'.repeat(40),
      base: 'main',
    },
    files,
    facts: { risk: riskOf({ ...noFacts, files }), secrets: [], coverage: null },
    instructions: '',
    checks: [],
    plan: null,
    previous: null,
    author_model: null,
    ...more,
  };
}
