/**
 * Triage without a model, on real issues: `npx node bench/triage.ts [ISSUES]`. Each issue is judged by those before it alone, as it
 * would have been when it was opened; labels from 40 % of the issues on. ISSUES: how many the index is filled with to time it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import MiniSearch from 'minisearch';
import { defaultRepositoryConfig } from '../src/domain/repository-config.ts';
import { createIssueIndex, type KnownIssue } from '../src/domain/triage/issue-index.ts';
import { knownLabels, type KnownLabel } from '../src/domain/triage/label-kinds.ts';
import { guessLabels, proposedLabels } from '../src/domain/triage/labels.ts';
import { wordsOf } from '../src/domain/triage/words.ts';

interface RealIssue extends KnownIssue {
  readonly excerpt: string;
  readonly duplicate_of: readonly number[];
}

const folder = join(import.meta.dirname, '../test/fixtures/triage');
const read = (name: string): readonly RealIssue[] =>
  readFileSync(join(folder, `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RealIssue)
    .map((issue) => ({ ...issue, body: issue.excerpt }));

/** Labels it would be right to choose, from 40 % of the issues on: only kinds that follow from a text. */
const learnable = (issues: readonly RealIssue[]): readonly KnownLabel[] =>
  knownLabels(
    [...new Set(issues.flatMap(({ labels }) => labels))],
    defaultRepositoryConfig.labels,
  ).filter(({ kind }) => kind === 'type' || kind === 'area');

type Chooser = (earlier: readonly RealIssue[], issue: RealIssue) => readonly string[];

function score(issues: readonly RealIssue[], choose: Chooser): string {
  const labels = new Set(learnable(issues).map(({ name }) => name));
  let right = 0;
  let chosen = 0;
  let wanted = 0;
  let asked = 0;
  let silent = 0;
  for (let at = Math.floor(issues.length * 0.4); at < issues.length; at += 1) {
    const issue = issues[at];
    const truth = issue?.labels.filter((label) => labels.has(label)) ?? [];
    if (issue === undefined || truth.length === 0) continue;
    const given = choose(issues.slice(0, at), issue);
    asked += 1;
    if (given.length === 0) silent += 1;
    right += given.filter((label) => truth.includes(label)).length;
    chosen += given.length;
    wanted += truth.length;
  }
  const precision = chosen === 0 ? 0 : right / chosen;
  const recall = right / wanted;
  const f1 = right === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return `F1 ${f1.toFixed(2)} precision ${precision.toFixed(2)} recall ${recall.toFixed(2)} (${asked} issues, ${wanted} labels; says nothing of ${silent})`;
}

const ours: (labels: readonly KnownLabel[]) => Chooser = (labels) => (earlier, issue) =>
  proposedLabels(guessLabels(createIssueIndex(earlier), issue, labels)).map(({ label }) => label);

/** The label that most carry, on every issue. */
const majority: (labels: readonly KnownLabel[]) => Chooser = (labels) => (earlier) => {
  const counts = labels.map(({ name }) => ({
    name,
    count: earlier.filter((issue) => issue.labels.includes(name)).length,
  }));
  return counts
    .toSorted((a, b) => b.count - a.count)
    .slice(0, 1)
    .map(({ name }) => name);
};

/** Each label whose words all stand in the text, in the forms people use for it. */
const keyword: (labels: readonly KnownLabel[]) => Chooser = (labels) => (_earlier, issue) => {
  const text = new Set(wordsOf(`${issue.title} ${issue.body}`));
  const forms: Readonly<Record<string, string>> = { Docs: 'doc', Enhancement: 'enh' };
  return labels
    .filter(({ name }) => {
      const own = wordsOf(forms[name] ?? name.replace(/^IO /, ''));
      return own.length > 0 && own.every((word) => text.has(word));
    })
    .map(({ name }) => name);
};

/** Issues that are the same by what was said on their threads, through any number of steps. */
function families(issues: readonly RealIssue[]): (number: number) => number {
  const parents = new Map<number, number>();
  const root = (number: number): number => {
    const parent = parents.get(number) ?? number;
    return parent === number ? number : root(parent);
  };
  for (const { number, duplicate_of } of issues) {
    for (const other of duplicate_of) parents.set(root(number), root(other));
  }
  return root;
}

type Ranker = (earlier: readonly RealIssue[], issue: RealIssue) => readonly number[];

function recallAt(issues: readonly RealIssue[], rank: Ranker): string {
  const root = families(issues);
  const hits = new Map([1, 3, 5, 10].map((k) => [k, 0]));
  let total = 0;
  issues.forEach((issue, at) => {
    const earlier = issues.slice(0, at);
    const same = earlier.filter((one) => root(one.number) === root(issue.number));
    if (same.length === 0) return;
    total += 1;
    const found = rank(earlier, issue).findIndex((number) =>
      same.some((one) => one.number === number),
    );
    for (const [k, count] of hits) if (found >= 0 && found < k) hits.set(k, count + 1);
  });
  const share = (count: number) => (total === 0 ? '–' : (count / total).toFixed(2));
  return `${[...hits].map(([k, count]) => `@${k} ${share(count)}`).join(' ')} (${total} duplicates)`;
}

const cosine: Ranker = (earlier, issue) =>
  createIssueIndex(earlier)
    .similar(issue, { limit: 10, least: 0 })
    .map(({ number }) => number);

const bm25: Ranker = (earlier, issue) => {
  const search = new MiniSearch<RealIssue>({ idField: 'number', fields: ['title', 'body'] });
  search.addAll([...earlier]);
  return search
    .search(`${issue.title} ${issue.body}`, { boost: { title: 3 } })
    .slice(0, 10)
    .map(({ id }) => Number(id));
};

/** The share of words that two titles have in common. */
const titles: Ranker = (earlier, issue) => {
  const own = new Set(wordsOf(issue.title));
  const common = (title: string) => {
    const words = new Set(wordsOf(title));
    return own.intersection(words).size / (own.union(words).size || 1);
  };
  return earlier
    .map(({ number, title }) => ({ number, share: common(title) }))
    .toSorted((a, b) => b.share - a.share)
    .slice(0, 10)
    .map(({ number }) => number);
};

const newest: Ranker = (earlier) =>
  earlier
    .slice(-10)
    .map(({ number }) => number)
    .toReversed();

const say = (line: string): void => void process.stdout.write(`${line}\n`);

for (const name of ['vscode', 'pandas']) {
  const issues = read(name);
  const labels = learnable(issues);
  say(`\n${name}: ${issues.length} issues`);
  say(`  labels  ours      ${score(issues, ours(labels))}`);
  say(`          majority  ${score(issues, majority(labels))}`);
  say(`          keyword   ${score(issues, keyword(labels))}`);
  if (issues.some(({ duplicate_of }) => duplicate_of.length > 1)) {
    say(`  recall  ours      ${recallAt(issues, cosine)}`);
    say(`          BM25+     ${recallAt(issues, bm25)}`);
    say(`          titles    ${recallAt(issues, titles)}`);
    say(`          newest    ${recallAt(issues, newest)}`);
  }
}

/** As many as asked for, made of pieces of real ones: words and lengths as they are, no two the same. */
function many(count: number): readonly KnownIssue[] {
  const real = [...read('vscode'), ...read('pandas')];
  const pick = (at: number): RealIssue | undefined => real[at % real.length];
  return Array.from({ length: count }, (_, at) => ({
    number: at + 1,
    title: `${pick(at)?.title ?? ''} ${at}`,
    // Ten excerpts and words of its own: about as long as a report with its form.
    body: `${Array.from({ length: 10 }, (__, part) => pick(at * 7 + part * 13)?.excerpt ?? '').join(' ')} w${at % 5_003} v${at % 9_973}`,
    labels: pick(at)?.labels ?? [],
  }));
}

const count = Number(process.argv[2] ?? 10_000);
const issues = many(count);
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
const index = createIssueIndex();
const filling = performance.now();
for (const issue of issues) index.put(issue);
const filled = performance.now() - filling;
globalThis.gc?.();
const held = process.memoryUsage().heapUsed - before;
const labels = learnable(read('vscode'));
const times = Array.from({ length: 15 }, (_, at) => {
  const subject = issues[at * 31];
  if (subject === undefined) return 0;
  index.put({ ...subject, number: count + 1 + at });
  const start = performance.now();
  index.similar(subject, { limit: 5, least: 0.2, except: subject.number });
  guessLabels(index, subject, labels);
  return performance.now() - start;
}).toSorted((a, b) => a - b);
say(
  `\n${count} issues: filled in ${Math.round(filled)} ms, ${(held / 1e6).toFixed(0)} MB; one triage ${Math.round(times[7] ?? 0)} ms (median of 15, the index just changed)`,
);
