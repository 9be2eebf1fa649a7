import { parse as parseYaml } from 'yaml';
import type { Dependency, LockedPackage } from '../../../domain/scan/dependencies.ts';
import { dataOf, listOf, textOf } from './data.ts';

export function gemfile(text: string): readonly Dependency[] {
  return [
    ...text.matchAll(/^[ \t]{0,20}gem[ \t(]{1,4}["']([\w.-]{1,100})["']([^\n#]{0,300})/gm),
  ].map(([, name = '', rest = '']) => {
    const wanted = [...rest.matchAll(/^[ \t]{0,4},[ \t]{0,4}["']([^"']{1,60})["']/g)]
      .map(([, range]) => range)
      .join(', ');
    const pinned = /^=?\s{0,2}\d[\w.]*$/.test(wanted) || /\b(?:path|ref):/.test(rest);
    return { name, wanted, scope: 'runtime', pinned };
  });
}

export function gemfileLock(text: string): readonly LockedPackage[] {
  const found: { name: string; version: string; asked: string[] }[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, name, version] = /^ {4}([\w.-]{1,100}) \(([^)]{1,100})\)$/.exec(line) ?? [];
    if (name !== undefined) found.push({ name, version: version ?? '', asked: [] });
    else {
      const needed = /^ {6}([\w.-]{1,100})/.exec(line)?.[1];
      if (needed !== undefined) found.at(-1)?.asked.push(needed);
    }
  }
  const ids = new Map(found.map(({ name, version }) => [name, `${name}@${version}`]));
  return found.map(({ name, version, asked }) => ({
    id: `${name}@${version}`,
    name,
    version,
    needs: asked.flatMap((needed) => ids.get(needed) ?? []),
  }));
}

/** PHP itself and its extensions are the platform, not packages. */
const isPackage = (name: string): boolean => name.includes('/');

export function composerJson(text: string): readonly Dependency[] {
  const file = dataOf(JSON.parse(text));
  return (['require', 'require-dev'] as const).flatMap((field) =>
    Object.entries(dataOf(file[field]))
      .filter(([name]) => isPackage(name))
      .map(([name, value]) => ({
        name,
        wanted: textOf(value),
        scope: field === 'require' ? ('runtime' as const) : ('development' as const),
        pinned: /^v?\d+\.\d+\.\d+(?:\.\d+)?$/.test(textOf(value)),
      })),
  );
}

export function composerLock(text: string): readonly LockedPackage[] {
  const lock = dataOf(JSON.parse(text));
  const packages = [...listOf(lock['packages']), ...listOf(lock['packages-dev'])].map(dataOf);
  const ids = new Map(
    packages.map((one) => [
      textOf(one['name']),
      `${textOf(one['name'])}@${textOf(one['version'])}`,
    ]),
  );
  return packages.map((one) => ({
    id: ids.get(textOf(one['name'])) ?? '',
    name: textOf(one['name']),
    version: textOf(one['version']),
    needs: Object.keys(dataOf(one['require'])).flatMap((needed) => ids.get(needed) ?? []),
  }));
}

/** Every `uses:` of a workflow or an action; those of this repository are no dependency. */
export function actionUses(text: string): readonly Dependency[] {
  const file = dataOf(parseYaml(text, { maxAliasCount: 20 }));
  const jobs = Object.values(dataOf(file['jobs'])).map(dataOf);
  const steps = [
    ...jobs.flatMap((job) => listOf(job['steps'])),
    ...listOf(dataOf(file['runs'])['steps']),
  ];
  const uses = [
    ...jobs.map((job) => job['uses']),
    ...steps.map((step) => dataOf(step)['uses']),
  ].map(textOf);
  return uses
    .filter((used) => used !== '' && !used.startsWith('./'))
    .map((used) => {
      const at = used.lastIndexOf('@');
      const [name, wanted] = at === -1 ? [used, ''] : [used.slice(0, at), used.slice(at + 1)];
      return {
        name,
        wanted,
        scope: 'build',
        pinned: /^(?:[0-9a-f]{40}|sha256:[0-9a-f]{64})$/.test(wanted),
      };
    });
}

export function dockerfile(text: string): readonly Dependency[] {
  const stages = new Set<string>();
  return [
    ...text.matchAll(
      /^[ \t]{0,8}FROM[ \t]{1,8}(?:--platform=\S{1,60}[ \t]{1,8})?(\S{1,300})(?:[ \t]{1,8}AS[ \t]{1,8}(\S{1,100}))?/gim,
    ),
  ].flatMap(([, image = '', stage]) => {
    const known = stages.has(image) || image === 'scratch' || image.startsWith('$');
    if (stage !== undefined) stages.add(stage);
    if (known) return [];
    const [, name = image, wanted = ''] =
      /^(.{1,250}?)(?:@(sha256:[0-9a-f]{64})|:([^/]{1,128}))$/.exec(image) ?? [];
    const tagged = wanted || image.slice(name.length + 1);
    return [{ name, wanted: tagged, scope: 'build' as const, pinned: wanted !== '' }];
  });
}
