import type {
  Dependency,
  Ecosystem,
  Lock,
  LockedPackage,
  Manifest,
  UnreadManifest,
} from '../../../domain/scan/dependencies.ts';
import type { Manifests } from '../../../ports/scan.ts';
import {
  cargoLock,
  cargoToml,
  csproj,
  goMod,
  goSum,
  gradleBuild,
  gradleLock,
  pomXml,
} from './compiled.ts';
import { fileName } from './data.ts';
import { packageJson, packageLock, pnpmLock, yarnLock } from './npm.ts';
import { pipfile, pipfileLock, pyproject, requirementsTxt, tomlLock } from './python.ts';
import {
  actionUses,
  composerJson,
  composerLock,
  dockerfile,
  gemfile,
  gemfileLock,
} from './scripted.ts';

type Form =
  | readonly [
      path: RegExp,
      ecosystem: Ecosystem,
      kind: 'asks',
      read: (text: string, path: string) => readonly Dependency[],
    ]
  | readonly [
      path: RegExp,
      ecosystem: Ecosystem,
      kind: 'locks',
      read: (text: string) => readonly LockedPackage[] | null,
    ];

const unread = () => null;

const forms: readonly Form[] = [
  [/^package\.json$/, 'npm', 'asks', packageJson],
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, 'npm', 'locks', packageLock],
  [/^yarn\.lock$/, 'npm', 'locks', yarnLock],
  [/^pnpm-lock\.yaml$/, 'npm', 'locks', pnpmLock],
  [/^(?:bun\.lockb?|deno\.lock)$/, 'npm', 'locks', unread],
  [/^requirements[^/]{0,60}\.txt$/, 'python', 'asks', (text, path) => requirementsTxt(path, text)],
  [/^pyproject\.toml$/, 'python', 'asks', pyproject],
  [/^Pipfile$/, 'python', 'asks', pipfile],
  [/^(?:poetry|uv|pdm)\.lock$/, 'python', 'locks', tomlLock],
  [/^Pipfile\.lock$/, 'python', 'locks', pipfileLock],
  [/^Cargo\.toml$/, 'cargo', 'asks', cargoToml],
  [/^Cargo\.lock$/, 'cargo', 'locks', cargoLock],
  [/^go\.mod$/, 'go', 'asks', goMod],
  [/^go\.sum$/, 'go', 'locks', goSum],
  [/^pom\.xml$/, 'maven', 'asks', pomXml],
  [/^build\.gradle(?:\.kts)?$/, 'gradle', 'asks', gradleBuild],
  [/^gradle\.lockfile$/, 'gradle', 'locks', gradleLock],
  [/^Gemfile$/, 'bundler', 'asks', gemfile],
  [/^Gemfile\.lock$/, 'bundler', 'locks', gemfileLock],
  [/^composer\.json$/, 'composer', 'asks', composerJson],
  [/^composer\.lock$/, 'composer', 'locks', composerLock],
  [/\.(?:cs|fs|vb)proj$/, 'nuget', 'asks', csproj],
  [/^packages\.lock\.json$/, 'nuget', 'locks', unread],
  [
    /^(?:Dockerfile(?:\.[\w.-]{1,40})?|[\w.-]{1,40}\.Dockerfile|Containerfile)$/,
    'docker',
    'asks',
    dockerfile,
  ],
];

const workflow = /^\.github\/workflows\/[^/]{1,200}\.ya?ml$|(?:^|\/)action\.ya?ml$/;

const formOf = (path: string): Form | undefined =>
  workflow.test(path)
    ? [workflow, 'actions', 'asks', actionUses]
    : forms.find(([name]) => name.test(fileName(path)));

export const manifests: Manifests = {
  isOne: (path) => formOf(path) !== undefined,
  read: (path, text) => {
    const form = formOf(path);
    return form === undefined ? [] : [readAs(form, path, text)];
  },
};

function readAs(form: Form, path: string, text: string): Manifest | Lock | UnreadManifest {
  const ecosystem = form[1];
  try {
    if (form[2] === 'locks') return { kind: 'lock', path, ecosystem, packages: form[3](text) };
    return { kind: 'manifest', path, ecosystem, dependencies: form[3](text, path) };
  } catch (error) {
    return { kind: 'unread', path, why: reasonOf(error) };
  }
}

/** Parsers quote what they could not read, which may be a secret: JSON's in its first line, the others' further down. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'not valid JSON';
  return error instanceof Error
    ? (error.message.split('\n')[0] ?? '').slice(0, 120)
    : 'not as expected';
}
