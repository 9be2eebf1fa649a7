import { REPOSITORY_CONFIG_PATH } from '../domain/repository-config.ts';
import { adoption } from '../domain/policy/adoption.ts';
import type { Repository, Deps } from './repository.ts';
import type { RepositoryMemory, Rules } from './session.ts';

/** Policies and configuration as they stand on the default branch: never from a pull request's branch (SECURITY.md). */
export async function readRules(
  deps: Deps,
  repository: Repository,
  branch: string,
  memory: Pick<RepositoryMemory, 'rules'>,
): Promise<Rules> {
  const { files } = repository;
  const base = await files.head(branch);
  if (base === null)
    return { kind: 'broken', reason: `the branch ${branch} is empty: push a first commit` };
  const known = memory.rules;
  if (known?.base === base && known.branch === branch) return known;
  const [policyFiles, configText] = await Promise.all([
    readPolicies(repository, base),
    files.readFile(base, REPOSITORY_CONFIG_PATH),
  ]);
  const policies = deps.policies.load(policyFiles);
  const config = deps.configs.load(configText);
  const adopted = policies.ok ? adoption(policies.value, policyFiles) : policies;
  const faults = [adopted, config].flatMap((part) => (part.ok ? [] : [part.refusal.message]));
  if (!policies.ok || !adopted.ok || !config.ok) {
    return {
      kind: 'broken',
      reason: `nothing goes on until this is mended on ${branch}: ${faults.join('; ')}`,
    };
  }
  memory.rules = {
    kind: 'sound',
    policies: policies.value,
    adopted: adopted.value,
    config: config.value,
    base,
    branch,
  };
  return memory.rules;
}

/** As the files of a policy set are told from others in its folder; `readPolicies` reads these. */
export const isPolicyPath = (path: string): boolean => /^policies\/.*\.ya?ml$/s.test(path);

export async function readPolicies(
  { files }: Repository,
  base: string,
): Promise<ReadonlyMap<string, string>> {
  const paths = await files.listFiles(base, 'policies/');
  const read = await Promise.all(
    paths
      .filter(isPolicyPath)
      .map(async (path) => [path, (await files.readFile(base, path)) ?? ''] as const),
  );
  return new Map(read);
}
