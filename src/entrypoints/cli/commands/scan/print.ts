import type { EcosystemSummary } from '../../../../domain/scan/dependencies.ts';
import type { HygieneCheck } from '../../../../domain/scan/hygiene.ts';
import type { ScanReport, SecretAt } from '../../../../domain/scan/report.ts';
import { visible } from '../../../../domain/text.ts';
import { wrapped } from '../../wrapped.ts';

const width = 80;
const indent = 14;
const few = 5;

/** The report for people, at 80 columns. What is fine takes one line; what is not names its places. */
export function reportLines(report: ScanReport, all: boolean): readonly string[] {
  const some = all ? Number.POSITIVE_INFINITY : few;
  return [
    headline(report),
    '',
    ...section('Languages', languages(report, some)),
    ...section('Dependencies', dependencies(report, some)),
    ...section('Modules', modules(report, some)),
    ...section('Secrets', secrets(report, all)),
    ...section('Binaries', binaries(report, some)),
    ...section('Hygiene', hygiene(report, some)),
    ...section('.gitignore', gitignore(report)),
    ...section('Left out', listed(leftOut(report), some)),
    ...section(
      'Not seen',
      report.not_looked_at.slice(0, all ? undefined : 20).map(({ path, why }) => `${path}: ${why}`),
    ),
  ];
}

/** A label and what belongs to it, wrapped; nothing where there is nothing to say. */
function section(label: string, paragraphs: readonly string[]): string[] {
  const lines = paragraphs.flatMap((paragraph) => inLines(visible(paragraph), width - indent));
  return lines.map((line, at) => `${(at === 0 ? label : '').padEnd(indent)}${line}`.trimEnd());
}

/** A line of a list goes on further in. */
function inLines(text: string, room: number): string[] {
  const lead = /^(?: {2})*(?:[✓✗!·] )?/.exec(text)?.[0] ?? '';
  return wrapped(text.slice(lead.length), room, lead, ' '.repeat(lead.length));
}

const plural = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? noun : nouns}`;

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return bytes < 1_000_000_000
    ? `${(bytes / 1e6).toFixed(1)} MB`
    : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** The first of them, and how many more there are. */
function listed(items: readonly string[], some: number): readonly string[] {
  if (items.length === 0) return [];
  const rest = items.length - some;
  return [
    [...items.slice(0, some), ...(rest > 0 ? [`and ${rest.toLocaleString('en')} more`] : [])].join(
      ', ',
    ),
  ];
}

const headline = ({ path, source, files, bytes }: ScanReport): string =>
  visible(`${path}: ${plural(files, source === 'git' ? 'tracked file' : 'file')}, ${size(bytes)}`);

function languages({ languages }: ScanReport, some: number): readonly string[] {
  const written = languages.filter(({ share }) => share !== null);
  const others = languages.filter(({ share }) => share === null);
  if (written.length === 0)
    return listed(
      others.map(({ language }) => language),
      some,
    );
  return listed(
    written.map(({ language, share }) => `${language} ${percent(share ?? 0)}`),
    some,
  );
}

const percent = (share: number): string =>
  share < 0.001 ? 'below 0.1 %' : `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;

function dependencies({ dependencies }: ScanReport, some: number): readonly string[] {
  if (dependencies.ecosystems.length === 0 && dependencies.unread.length === 0) return ['none'];
  return [
    ...dependencies.ecosystems.flatMap((summary) => ecosystem(summary, some)),
    ...dependencies.unread.map(({ path, why }) => `✗ ${path} cannot be read: ${why}`),
  ];
}

const words: Readonly<Partial<Record<EcosystemSummary['ecosystem'], string>>> = {
  python: 'Python',
  cargo: 'Cargo',
  go: 'Go',
  maven: 'Maven',
  gradle: 'Gradle',
  bundler: 'Bundler',
  composer: 'Composer',
  nuget: 'NuGet',
  actions: 'GitHub Actions',
  docker: 'Docker',
};

function ecosystem(summary: EcosystemSummary, some: number): readonly string[] {
  const { direct, transitive, locks, unpinned, unlocked } = summary;
  const name = words[summary.ecosystem] ?? summary.ecosystem;
  const counts = [
    `${direct} direct`,
    ...(transitive === null ? [] : [`${transitive.toLocaleString('en')} transitive`]),
    ...(locks.length > 0 && unlocked.length === 0 ? ['locked'] : []),
  ];
  const loose = [
    ...new Set(unpinned.map(({ name, wanted }) => `${name}${wanted === '' ? '' : ` ${wanted}`}`)),
  ];
  return [
    `${name}: ${counts.join(', ')}`,
    ...listed(unlocked, some).map((places) => `  ! no lock file for ${places}`),
    ...listed(loose, some).map((names) => `  ! not pinned: ${names}`),
  ];
}

function modules({ modules }: ScanReport, some: number): readonly string[] {
  const { files, imports, cycles } = modules;
  if (files === 0) return [];
  const counts = `${plural(files, 'file')}, ${plural(imports, 'import')} among them`;
  if (cycles.length === 0) return [`${counts}, no cycle`];
  const rest = cycles.length - some;
  return [
    `${counts}, ${plural(cycles.length, 'cycle')}`,
    ...cycles.slice(0, some).map((cycle) => `  ! ${[...cycle, cycle[0] ?? ''].join(' → ')}`),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

/** Never shortened to a count: each one is a place to go to. Those worth a look are, unless all are asked for. */
function secrets({ secrets }: ScanReport, all: boolean): readonly string[] {
  const sure = secrets.found.filter(({ confidence }) => confidence !== 'low');
  const unsure = secrets.found.filter(({ confidence }) => confidence === 'low');
  const looked = secrets.by.includes('gitleaks') ? '' : ' (gitleaks is not here)';
  const shown = sure.slice(0, all ? undefined : 50);
  const rest = sure.length - shown.length;
  const inTests = sure.filter(({ in_tests }) => in_tests).length;
  return [
    sure.length === 0
      ? `none found${looked}`
      : `${sure.length.toLocaleString('en')} found${inTests === 0 ? '' : `, ${inTests} of them in tests`}${looked}`,
    ...shown.map((secret) => `  ✗ ${secretLine(secret)}`),
    ...(rest > 0 ? [`  and ${rest.toLocaleString('en')} more: --all`] : []),
    ...(unsure.length > 0 && !all ? [`${unsure.length} worth a look: --all`] : []),
    ...(all ? unsure.map((secret) => `  · ${secretLine(secret)}`) : []),
  ];
}

const secretLine = ({ path, line, column, rule, title, excerpt }: SecretAt): string =>
  `${path}:${line}:${column} ${rule === 'named-secret' ? excerpt : `${title}, ${excerpt}`}`;

function binaries({ binaries }: ScanReport, some: number): readonly string[] {
  if (binaries.length === 0) return ['none'];
  const total = binaries.reduce((sum, { bytes }) => sum + bytes, 0);
  const largest = binaries.slice(0, some).map(({ path, bytes }) => `${path} ${size(bytes)}`);
  const rest = binaries.length - largest.length;
  return [
    `${plural(binaries.length, 'file')}, ${size(total)}: ${largest.join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`,
  ];
}

function hygiene({ hygiene }: ScanReport, some: number): readonly string[] {
  const good = hygiene.filter(({ level }) => level === 'good').map(({ text }) => text);
  const missing = hygiene
    .filter(({ level }) => level === 'missing')
    .map(({ text }) => text.replace(/^no /, ''));
  return [
    ...(good.length === 0 ? [] : [`✓ ${good.join(', ')}`]),
    ...(missing.length === 0 ? [] : [`! missing: ${missing.join(', ')}`]),
    ...hygiene.flatMap((check) => hygieneLine(check, some)),
  ];
}

const marks = { bad: '✗', note: '·' } as const;

function hygieneLine(
  { level, text, paths, remedy }: HygieneCheck,
  some: number,
): readonly string[] {
  if (level === 'good' || level === 'missing') return [];
  const places = listed(paths, some)
    .map((names) => `: ${names}`)
    .join('');
  return [`${marks[level]} ${text}${places}${remedy === null ? '' : ` (${remedy})`}`];
}

/** Folders of one name in one word. */
function leftOut({ left_out }: ScanReport): readonly string[] {
  const counts = new Map<string, number>();
  for (const { path } of left_out) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => (count === 1 ? `${name}/` : `${count} × ${name}/`));
}

function gitignore({ gitignore }: ScanReport): readonly string[] {
  const lines = gitignore.lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) return [];
  return [
    `${plural(lines.length, 'line')} to add (--gitignore prints them): ${listed(lines, 8).join('')}`,
  ];
}
