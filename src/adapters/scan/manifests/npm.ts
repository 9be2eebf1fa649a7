import { parse as parseYaml } from 'yaml';
import type { Dependency, LockedPackage, Scope } from '../../../domain/scan/dependencies.ts';
import { dataOf, textOf, type Data } from './data.ts';

const scopes: readonly (readonly [field: string, scope: Scope])[] = [
  ['dependencies', 'runtime'],
  ['devDependencies', 'development'],
  ['optionalDependencies', 'optional'],
  ['peerDependencies', 'peer'],
];

export function packageJson(text: string): readonly Dependency[] {
  const manifest = dataOf(JSON.parse(text));
  return scopes.flatMap(([field, scope]) =>
    Object.entries(dataOf(manifest[field])).map(([name, value]) => {
      const wanted = textOf(value);
      return { name, wanted, scope, pinned: isPinned(wanted) };
    }),
  );
}

const isPinned = (wanted: string): boolean =>
  /^(?:npm:.{1,200}@)?[=v]?\d+\.\d+\.\d+(?:[-+][\w.+-]*)?$/.test(wanted) ||
  /^(?:file|link|workspace|portal|catalog):/.test(wanted) ||
  /#[0-9a-f]{40}$/.test(wanted);

/** Versions 1 to 3: by place where there is one, by nesting in the oldest. */
export function packageLock(text: string): readonly LockedPackage[] {
  const lock = dataOf(JSON.parse(text));
  const places =
    lock['packages'] === undefined ? nested(lock, '') : Object.entries(dataOf(lock['packages']));
  const byPlace = new Map(places.map(([place, value]) => [place, dataOf(value)]));
  return [...byPlace].flatMap(([place, one]) => {
    if (!place.includes('node_modules/') || one['link'] === true) return [];
    const name = nameAt(place, one);
    const asked = {
      ...dataOf(one['dependencies']),
      ...dataOf(one['optionalDependencies']),
      ...dataOf(one['requires']),
    };
    const needs = Object.keys(asked).flatMap((needed) => found(byPlace, place, needed));
    const version = textOf(one['version']);
    return [{ id: place, name, version, needs }];
  });
}

const nameAt = (place: string, one: Data): string =>
  textOf(one['name']) || place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

function nested(lock: Data, above: string): [string, unknown][] {
  return Object.entries(dataOf(lock['dependencies'])).flatMap(([name, value]) => {
    const place = `${above}node_modules/${name}`;
    const { dependencies, ...own } = dataOf(value);
    return [[place, own], ...nested({ dependencies }, `${place}/`)];
  });
}

/** As node looks: beside it, then each folder up. */
function found(places: ReadonlyMap<string, Data>, place: string, name: string): string[] {
  for (let from = `${place}/`; ;) {
    const candidate = `${from}node_modules/${name}`;
    if (places.has(candidate)) return [candidate];
    const up = from.slice(0, -1).lastIndexOf('node_modules/');
    if (up === -1) return [];
    from = from.slice(0, up);
  }
}

export function yarnLock(text: string): readonly LockedPackage[] {
  return text.includes('__metadata:') ? yarnBerry(text) : yarnClassic(text);
}

interface Entry {
  readonly specs: readonly string[];
  readonly name: string;
  readonly version: string;
  readonly asked: readonly string[];
}

function joined(entries: readonly Entry[]): readonly LockedPackage[] {
  const idOf = ({ name, version }: Entry) => `${name}@${version}`;
  const bySpec = new Map(
    entries.flatMap((entry) => entry.specs.map((spec) => [spec, idOf(entry)])),
  );
  return entries.map((entry) => ({
    id: idOf(entry),
    name: entry.name,
    version: entry.version,
    needs: entry.asked.flatMap((spec) => bySpec.get(spec) ?? []),
  }));
}

const nameInSpec = (spec: string): string => spec.slice(0, spec.indexOf('@', 1));

function yarnClassic(text: string): readonly LockedPackage[] {
  const entries = text.split(/\n(?=[^\s#])/).flatMap((block) => {
    const [head = '', ...lines] = block.split(/\r?\n/);
    if (!head.endsWith(':')) return [];
    const specs = head
      .slice(0, -1)
      .split(',')
      .map((spec) => spec.trim().replace(/^"|"$/g, ''));
    const version = /^ {2}version "?([^"]{1,200})"?$/.exec(
      lines.find((line) => line.startsWith('  version ')) ?? '',
    )?.[1];
    const asked = lines.flatMap((line) => {
      const [, name, range] = /^ {4}"?([^"\s]{1,214})"? "?([^"]{1,200})"?$/.exec(line) ?? [];
      return name === undefined ? [] : [`${name}@${range ?? ''}`];
    });
    return [{ specs, name: nameInSpec(specs[0] ?? ''), version: version ?? '', asked }];
  });
  return joined(entries);
}

function yarnBerry(text: string): readonly LockedPackage[] {
  const entries = Object.entries(dataOf(parseYaml(text))).flatMap(([key, value]) => {
    const one = dataOf(value);
    const version = textOf(one['version']);
    if (key === '__metadata' || version.startsWith('0.0.0-use')) return [];
    const specs = key.split(',').map((spec) => spec.trim());
    const asked = Object.entries(dataOf(one['dependencies'])).map(
      ([name, range]) => `${name}@${textOf(range)}`,
    );
    return [{ specs, name: nameInSpec(specs[0] ?? ''), version, asked }];
  });
  return joined(entries);
}

/** `/a@1.0.0(b@2.0.0)` and `/a/1.0.0_b@2.0.0` → name and version. */
function pnpmKey(key: string): { readonly name: string; readonly version: string } | null {
  const plain = key.replace(/^\//, '').split('(')[0] ?? '';
  const at = plain.lastIndexOf('@');
  if (at > 0) return { name: plain.slice(0, at), version: plain.slice(at + 1) };
  const slash = plain.lastIndexOf('/');
  return slash === -1
    ? null
    : { name: plain.slice(0, slash), version: plain.slice(slash + 1).split('_')[0] ?? '' };
}

export function pnpmLock(text: string): readonly LockedPackage[] {
  const lock = dataOf(parseYaml(text, { maxAliasCount: 0 }));
  const source = dataOf(lock['snapshots'] ?? lock['packages']);
  const byId = new Map<string, LockedPackage>();
  for (const [key, value] of Object.entries(source)) {
    const named = pnpmKey(key);
    if (named === null) continue;
    const id = `${named.name}@${named.version}`;
    const one = dataOf(value);
    const needs = Object.entries({
      ...dataOf(one['dependencies']),
      ...dataOf(one['optionalDependencies']),
    }).map(([name, version]) => `${name}@${textOf(version).split(/[(_]/)[0] ?? ''}`);
    byId.set(id, { id, ...named, needs: [...new Set([...(byId.get(id)?.needs ?? []), ...needs])] });
  }
  return [...byId.values()];
}
