import type { Candidate } from '../../domain/approval/candidate.ts';
import { needsOf } from '../../domain/policy/needs.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import type { Session } from '../session.ts';

/** For so long the people of a repository are taken to be the same ones. They are named, not believed: evidence is looked up anew. */
const KEPT_MS = 15 * 60_000;

/**
 * Who might be asked for an approval: asked for while something waits, and kept for a while. null: they cannot be listed, which
 * is not that there are none.
 */
export async function candidatesOf(
  { repository, memory, deps }: Pick<Session, 'repository' | 'memory' | 'deps'>,
  policies: PolicySet,
): Promise<readonly Candidate[] | null> {
  const now = Date.parse(deps.now());
  const { candidates: known } = memory;
  if (known !== null && known.policies === policies.digest && now - known.at < KEPT_MS) {
    return known.people;
  }
  let people: readonly Candidate[] | null = null;
  try {
    people = await readCandidates(repository.host, [...needsOf(policies).teams]);
  } catch (error) {
    // Nobody's decision waits for an explanation: it is asked for again when this one is old.
    deps.log.warn({ repository: repository.ref.full_name, err: error }, 'people not listed');
  }
  memory.candidates = { at: now, policies: policies.digest, people };
  return people;
}

async function readCandidates(
  host: Session['repository']['host'],
  teams: readonly string[],
): Promise<readonly Candidate[] | null> {
  const [collaborators, ...members] = await Promise.all([
    host.collaborators(),
    ...teams.map((team) => host.teamMembers(team)),
  ]);
  if (collaborators === null) return null;
  return collaborators
    .filter(({ account }) => account.type === 'User')
    .map(({ account, permission }) => ({
      ...account,
      permission,
      teams: teams.filter((_, index) => members[index]?.some(({ id }) => id === account.id)),
      organizations: [],
    }));
}
