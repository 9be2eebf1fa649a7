import { neutralise, neutraliseLine } from '../text.ts';
import { isProtectedPath } from '../review-facts.ts';
import type { MarkedFinding } from './finding.ts';

/** What stands in a remark of ours, so that it is known again: read in remarks of our own account alone. */
const findingMarker = (mark: string): string => `<!-- assent:finding:${mark} -->`;

export const markIn = (body: string): string | null =>
  /<!-- assent:finding:([0-9a-f]{16}) -->/.exec(body)?.[1] ?? null;

const zeroWidthSpace = '\u200B';

/**
 * Prose of a model: no fence of its own. One left open would swallow what we write after it, and one that says `suggestion` would
 * be offered for committing without any of our checks.
 */
export const prose = (text: string, characters: number): string =>
  neutralise(text, characters).replace(/(`{2}|~{2})(?=`|~)/g, `$1${zeroWidthSpace}`);

/** The same on one line. */
export const proseLine = (text: string, characters = 300): string =>
  prose(neutraliseLine(text, characters), characters * 2);

/** A path or a line of others as code: nothing in it acts, and it cannot end its own span. */
export const inCode = (text: string, characters = 200): string =>
  `\`${neutraliseLine(text.replaceAll('`', "'"), characters)}\``;

const kindsTold: Readonly<Record<string, string>> = { documentation: 'docs' };

export const heading = ({ severity, kind }: Pick<MarkedFinding, 'severity' | 'kind'>): string =>
  `**${severity}** · ${kindsTold[kind] ?? kind}`;

/** A remark at its line. */
export const remark = (finding: MarkedFinding): string =>
  [
    `${heading(finding)}\n\n${prose(finding.message, 2_000)}`,
    ...suggestionOf(finding),
    findingMarker(finding.mark),
  ].join('\n\n');

/**
 * GitHub offers to put it there only where it stands at those very lines. As code it goes as it is, since a character put in to
 * break a mention would be committed; nothing acts inside a fence, and its fence is longer than any in it. Rules of the
 * repository are for people to write.
 */
function suggestionOf({ suggestion, placed, path }: MarkedFinding): readonly string[] {
  if (suggestion === null) return [];
  const fence = fenceFor(suggestion);
  const applies = placed && !isProtectedPath(path);
  return [`${fence}${applies ? 'suggestion' : ''}\n${suggestion}\n${fence}`];
}

const fenceFor = (text: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(longest + 1);
};

/** A remark that has no line in the change, as a line of the text. */
export const toldInText = (finding: MarkedFinding): string =>
  `${heading(finding)} ${inCode(`${finding.path}:${finding.line}`)} ${proseLine(finding.message, 1_000)}`;
