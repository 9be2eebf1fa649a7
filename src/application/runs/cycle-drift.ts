import type { GovernorProposal } from '../../agents/governor/proposal.ts';
import { diagramDrift } from '../../domain/drift/diagram-drift.ts';
import { docsDrift, namedVariables, type Document } from '../../domain/drift/docs-drift.ts';
import { isDocument } from '../../domain/drift/documents.ts';
import { FileTree, ignoredNames } from '../../domain/drift/file-tree.ts';
import { inOrder, sameFinding, type DriftFinding } from '../../domain/drift/finding.ts';
import { readProse } from '../../domain/drift/prose.ts';
import { roadmapDrift } from '../../domain/drift/roadmap-drift.ts';
import { isFinal } from '../../domain/work-item/state.ts';
import type { RepositoryFiles } from '../../ports/repository-files.ts';
import type { GatheredCycle } from './cycle-brief.ts';
import type { RunContext } from './run-context.ts';

/** What is written and what is there, compared on the base commit. */
export interface CycleDrift {
  /** Those that no cycle told of before. */
  readonly fresh: readonly DriftFinding[];
  readonly known: readonly DriftFinding[];
}

export const allOf = ({ fresh, known }: CycleDrift): readonly DriftFinding[] =>
  inOrder([...fresh, ...known]);

const MOST_FINDINGS = 100;

/** Worth knowing, and worth no failed cycle: null where it could not be told. */
export async function cycleDrift(
  context: RunContext,
  gathered: GatheredCycle,
  proposal: GovernorProposal,
): Promise<CycleDrift | null> {
  try {
    const all = inOrder([
      ...ofRoadmap(context, gathered, proposal),
      ...(await documentDrift(context.repository.files, context.base)),
    ]).slice(0, MOST_FINDINGS);
    const told = new Set(gathered.history.told_drift.map(sameFinding));
    return {
      fresh: all.filter((finding) => !told.has(sameFinding(finding))),
      known: all.filter((finding) => told.has(sameFinding(finding))),
    };
  } catch (error) {
    context.deps.log.warn({ item: context.item.id, err: error }, 'drift could not be told');
    return null;
  }
}

function ofRoadmap(
  { ledger, item }: RunContext,
  { brief, open }: GatheredCycle,
  { flips, held_back }: GovernorProposal,
): readonly DriftFinding[] {
  const adopted = new Set(
    Object.values(ledger.state.items)
      .filter((one) => one.kind === 'issue' && one.id !== item.id && !isFinal(one))
      .filter(({ completed }) => completed.some(({ stage }) => stage === 'plan'))
      .map(({ number }) => number),
  );
  const issues = (open ?? []).filter((one) => !one.is_pull_request);
  return roadmapDrift({
    path: brief.roadmap.path,
    rows: brief.roadmap.items,
    issues: new Map(brief.cited.map(({ number, state }) => [number, state])),
    planned: issues
      .filter(({ number, milestone }) => milestone !== null || adopted.has(number))
      .map(({ number, title }) => ({ number, title: title.slice(0, 120) })),
    settled: new Set([...flips, ...held_back].map(({ line }) => line)),
  });
}

const MOST_DOCUMENTS = 60;
const MOST_CHARACTERS = 200_000;
const MOST_FILES = 50_000;
const MOST_PACKAGES = 30;
const MOST_VARIABLES = 40;

/** Documents and diagrams against the files of the same commit. */
export async function documentDrift(
  files: RepositoryFiles,
  base: string,
): Promise<readonly DriftFinding[]> {
  const paths = await files.listFiles(base, '');
  // So large a tree is not held in memory by its every part for a list of hints.
  if (paths.length > MOST_FILES) return [];
  const read = async (path: string): Promise<string> => (await files.readFile(base, path)) ?? '';
  const ignored = paths.includes('.gitignore') ? ignoredNames(await read('.gitignore')) : [];
  const tree = new FileTree(paths, ignored);
  const documents: Document[] = [];
  for (const path of paths.filter(isDocument).slice(0, MOST_DOCUMENTS)) {
    const text = await read(path);
    if (text.length <= MOST_CHARACTERS) documents.push({ path, prose: readProse(text) });
  }
  const scripts = await scriptsOf(paths, read);
  const variables = await variablesOf(documents, files, base);
  return documents.flatMap((document) => [
    ...docsDrift(document, { tree, scripts, variables }),
    ...diagramDrift(document, tree),
  ]);
}

async function scriptsOf(
  paths: readonly string[],
  read: (path: string) => Promise<string>,
): Promise<ReadonlySet<string> | null> {
  const packages = paths
    .filter((path) => /(?:^|\/)package\.json$/.test(path))
    .slice(0, MOST_PACKAGES);
  if (packages.length === 0) return null;
  const names = new Set<string>();
  for (const path of packages) for (const name of scriptsIn(await read(path))) names.add(name);
  return names;
}

function scriptsIn(text: string): readonly string[] {
  try {
    const { scripts } = JSON.parse(text) as { readonly scripts?: unknown };
    return typeof scripts === 'object' && scripts !== null ? Object.keys(scripts) : [];
  } catch {
    // Whoever wrote it will hear of it from npm.
    return [];
  }
}

async function variablesOf(
  documents: readonly Document[],
  files: RepositoryFiles,
  base: string,
): Promise<ReadonlyMap<string, boolean>> {
  const names = [...new Set(documents.flatMap(namedVariables).map(({ name }) => name))];
  const known = new Map<string, boolean>();
  for (const name of names.slice(0, MOST_VARIABLES)) {
    known.set(name, await files.isMentioned(base, name));
  }
  return known;
}
