import { addedLines } from '../../patch.ts';
import { nameOf, type Contribution, type Gate, type GateReport } from '../contribution.ts';
import { lockedPackages } from './npm-lock.ts';
import { isPermitted } from './spdx.ts';

/** Read for the licence the project is under: what that one allows, a contribution may bring. */
export const ownLicencePaths: readonly string[] = [
  'package.json',
  'Cargo.toml',
  'pyproject.toml',
  'LICENSE',
  'LICENSE.md',
  'LICENSE.txt',
  'COPYING',
];

const licenceFile = /^(?:un)?(?:licen[cs]e|copying|copyright|notice)(?:[.-].*)?$/;

export const licences: Gate = (contribution) =>
  merged([
    ownLicence(contribution),
    headers(contribution),
    lockedLicences(contribution),
    unknownLicences(contribution),
  ]);

const merged = (reports: readonly GateReport[]): GateReport => ({
  faults: reports.flatMap(({ faults }) => faults),
  flags: reports.flatMap(({ flags }) => flags),
});

/** Under which terms the project is given away is its owners' to say. */
const ownLicence: Gate = ({ files }) => {
  const named = files.filter(({ path }) => licenceFile.test(nameOf(path)));
  const own = ({ path, status }: Contribution['files'][number]) =>
    status !== 'added' || !path.includes('/');
  return {
    faults: named
      .filter(own)
      .map(
        ({ path }) => `${path} says under which licence this is: that is not an agent's to change`,
      ),
    flags: named
      .filter((file) => !own(file))
      .map(({ path }) => `${path} is a licence of somebody else's: what is around it was copied`),
  };
};

const phrases: readonly (readonly [text: RegExp, family: string])[] = [
  [/gnu affero general public licen[cs]e/i, 'AGPL'],
  [/gnu (?:lesser|library) general public licen[cs]e/i, 'LGPL'],
  [/gnu general public licen[cs]e/i, 'GPL'],
  [/server side public licen[cs]e/i, 'SSPL'],
  [/business source licen[cs]e/i, 'BUSL'],
  [/mozilla public licen[cs]e/i, 'MPL'],
];

/** What a copied file says of itself. Prose (`.md`, `.txt`, …) may well talk about licences. */
const headers: Gate = ({ patch, texts }) => {
  const own = ownLicences(texts);
  const faults = [...addedLines(patch)].flatMap(([path, lines]) =>
    [...lines].flatMap(([line, text]) => {
      const named = /SPDX-License-Identifier:\s*([^*\n]+?)\s*(?:\*\/|-->)?\s*$/.exec(text)?.[1];
      if (named !== undefined)
        return isPermitted(named, own) ? [] : [`${path}:${line} is under ${named.slice(0, 80)}`];
      if (/\.(?:md|txt|rst|adoc|html)$/i.test(path)) return [];
      const family = phrases.find(([phrase]) => phrase.test(text))?.[1];
      return family === undefined || own.some((licence) => licence.startsWith(family))
        ? []
        : [`${path}:${line} speaks of a licence (${family}) that this project is not under`];
    }),
  );
  return { faults, flags: [] };
};

function ownLicences(texts: Contribution['texts']): readonly string[] {
  const before = (path: string) => texts.get(path)?.before ?? '';
  const manifest = /"license"\s*:\s*"([^"]+)"/.exec(before('package.json'))?.[1];
  const toml = ['Cargo.toml', 'pyproject.toml'].map(
    (path) => /^license\s*=\s*(?:\{\s*text\s*=\s*)?"([^"]+)"/m.exec(before(path))?.[1],
  );
  const whole = ownLicencePaths.filter((path) => /^[LC]/.test(path) && !path.endsWith('.toml'));
  const families = whole.flatMap((path) =>
    phrases
      .filter(([phrase]) => phrase.test(before(path)))
      .slice(0, 1)
      .map(([, family]) => family),
  );
  return [manifest, ...toml, ...families].filter((licence) => licence !== undefined);
}

/** npm writes each package's licence into its lock file; the other lock files say nothing of it. */
const lockedLicences: Gate = ({ texts }) => {
  const own = ownLicences(texts);
  const reports = [...texts]
    .filter(([path]) => nameOf(path) === 'package-lock.json')
    .flatMap(([path, { before, after }]) => {
      const old = lockedPackages(before);
      return [...lockedPackages(after).values()]
        .filter(({ place, licence }) => old.get(place)?.licence !== licence || !old.has(place))
        .map((one): GateReport => {
          if (one.licence === null)
            return {
              faults: [],
              flags: [`${path}: nobody says under which licence ${one.name} is`],
            };
          return isPermitted(one.licence, own)
            ? { faults: [], flags: [] }
            : { faults: [`${path}: ${one.name} is under ${one.licence.slice(0, 80)}`], flags: [] };
        });
    });
  return merged(reports);
};

const silent: Readonly<Record<string, RegExp>> = {
  'cargo.lock': /^name = "([^"]+)"/gm,
  'poetry.lock': /^name = "([^"]+)"/gm,
  'uv.lock': /^name = "([^"]+)"/gm,
  'go.sum': /^(\S+) \S+ h1:/gm,
  'yarn.lock': /^"?(@?[^@\s"#]+)@/gm,
  'pnpm-lock.yaml': /^ {2}\/?'?(@?[^@\s'":]+)@[^:]*:/gm,
  'gemfile.lock': /^ {4}([\w.-]+) \(/gm,
  'requirements.txt': /^([\w.-]+)/gm,
};

const unknownLicences: Gate = ({ texts }) => ({
  faults: [],
  flags: [...texts].flatMap(([path, { before, after }]) => {
    const names = silent[nameOf(path)];
    if (names === undefined) return [];
    const [old, now] = [before, after].map(
      (text) => new Set([...(text ?? '').matchAll(names)].map(([, name]) => name)),
    );
    const added = [...(now ?? [])].filter((name) => old?.has(name) !== true);
    const more = added.length > 10 ? ` and ${added.length - 10} more` : '';
    return added.length === 0
      ? []
      : [
          `${path} adds ${added.slice(0, 10).join(', ')}${more}: their licences are for you to look at`,
        ];
  }),
});
