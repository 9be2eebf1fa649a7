import type { IssueText } from './issue-index.ts';
import type { IssueType } from './label-kinds.ts';

/** A title that says itself what it is, as people and forms write it; the first that fits. Everything else is not known. */
const titles: readonly (readonly [IssueType, RegExp])[] = [
  ['documentation', /^\s*\[?docs?(?:umentation)?\]?\s*[:\]-]|\b(?:typo|docstring|readme)\b/i],
  [
    'feature',
    /^\s*\[?(?:feat(?:ure)?(?:[ -]request)?|enh(?:ancement)?|rfe|proposal|suggestion)\]?\s*[:\]-]|\bfeature[ -]request\b|^\s*(?:please )?(?:add|support|allow|provide)\b/i,
  ],
  [
    'bug',
    /^\s*\[?(?:bug|fix|regression)\]?\s*[:\]-]|\b(?:crash(?:es|ed)?|segfault|traceback|exception|regression|does(?:n't| not) work|not working|broken|fails?)\b/i,
  ],
  [
    'question',
    /^\s*\[?question\]?\s*[:\]-]|^\s*(?:how (?:do|can|to)|is it possible|why (?:is|does|do)|what is)\b/i,
  ],
  [
    'maintenance',
    /^\s*\[?(?:chore|ci|build|test|tst|refactor|cln|maint)\]?(?:\(.{1,40}\))?\s*[:\]-]/i,
  ],
];

const bodies: readonly (readonly [IssueType, RegExp])[] = [
  ['feature', /\*{0,2}(?:issue )?type\*{0,2}:\s*(?:<b>)?feature/i],
  [
    'bug',
    /\*{0,2}(?:issue )?type\*{0,2}:\s*(?:<b>)?bug|^#{1,4} (?:steps to reproduce|reproducible example)\b/im,
  ],
  ['feature', /^#{1,4} (?:feature (?:type|description)|describe the solution)/im],
];

export function typeByWords({ title, body }: IssueText): IssueType | null {
  const byTitle = titles.find(([, pattern]) => pattern.test(title.slice(0, 300)));
  const byBody = bodies.find(([, pattern]) => pattern.test(body.slice(0, 4_000)));
  return byTitle?.[0] ?? byBody?.[0] ?? null;
}
