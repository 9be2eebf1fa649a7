import { REPOSITORY_CONFIG_PATH } from '../../domain/repository-config.ts';
import { adoption } from '../../domain/policy/adoption.ts';
import type { PolicyFiles } from '../../ports/policy-source.ts';
import { isPolicyPath, readPolicies } from '../rules.ts';
import type { Deps, Repository } from '../repository.ts';
import type { Rules } from '../session.ts';

type SoundRules = Extract<Rules, { kind: 'sound' }>;

/** Paths by which a pull request changes how Assent works; empty: it does not. */
export async function rulesChanged(
  { files }: Repository,
  { base }: Pick<SoundRules, 'base'>,
  head: string,
): Promise<readonly string[]> {
  const changed = await files.changedFiles(base, head);
  return changed
    .map(({ path }) => path)
    .filter((path) => isPolicyPath(path) || path === REPOSITORY_CONFIG_PATH);
}

/**
 * The policies as they would be after the merge: those in force, with what the pull request changes. A branch that is behind
 * holds old ones, which merging does not bring back.
 */
export async function policiesAfter(
  repository: Repository,
  { base }: Pick<SoundRules, 'base'>,
  head: string,
): Promise<{ readonly before: PolicyFiles; readonly after: PolicyFiles }> {
  const before = await readPolicies(repository, base);
  const after = new Map(before);
  for (const path of await rulesChanged(repository, { base }, head)) {
    if (!isPolicyPath(path)) continue;
    const text = await repository.files.readFile(head, path);
    if (text === null) after.delete(path);
    else after.set(path, text);
  }
  return { before, after };
}

/** What is wrong with the rest of the rules, which no trial reads: the configuration, and the size of the whole. */
export async function otherFaults(
  deps: Deps,
  { files }: Repository,
  head: string,
  after: PolicyFiles,
): Promise<readonly string[]> {
  const config = deps.configs.load(await files.readFile(head, REPOSITORY_CONFIG_PATH));
  const size = adoption({ digest: '', files: [...after.keys()] }, after);
  return [config, size].flatMap((part) => (part.ok ? [] : [part.refusal.message]));
}
