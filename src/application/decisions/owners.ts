import { needsOf } from '../../domain/policy/needs.ts';
import type { FileFacts } from '../../domain/policy/request.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import type { Session } from '../session.ts';

/**
 * Who owns each file, where a policy asks. By CODEOWNERS as the base has it: the pull request's own would let its author
 * choose who approves.
 */
export async function withOwners(
  { repository, deps }: Session,
  policies: PolicySet,
  base: string,
  files: readonly FileFacts[],
): Promise<readonly FileFacts[]> {
  if (!needsOf(policies).owners) return files;
  const { codeOwners } = deps;
  for (const path of codeOwners.paths) {
    const text = await repository.files.readFile(base, path);
    if (text === null) continue;
    const ownersOf = codeOwners.read(text) ?? nobody;
    return files.map((file) => ({ ...file, owners: ownersOf(file.path) }));
  }
  return files.map((file) => ({ ...file, owners: [] }));
}

const nobody = (): readonly string[] => [];
