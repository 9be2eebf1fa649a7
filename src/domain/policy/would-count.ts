import { APPROVE_LABEL } from '../approval/acts.ts';
import { evaluate } from './evaluate.ts';
import type { ActorFacts, EvidenceFacts, PolicyRequest } from './request.ts';
import type { PolicySet } from './rules.ts';

/**
 * Whether this person's approval would count here: the same evaluation, with their act as the only evidence. Who may reject and
 * override follows from it. `digest`: the head or the plan that is asked about; the person is one of `request.people`.
 */
export function wouldCount(
  policies: PolicySet,
  request: PolicyRequest,
  person: ActorFacts,
  digest: string,
): boolean {
  const act = { user: person, at: request.at };
  const evidence: EvidenceFacts = {
    reviews: [{ ...act, id: 0, state: 'approved', commit: digest, edited_at: null, body: '' }],
    labels: [{ ...act, name: APPROVE_LABEL, action: 'labeled' }],
    comments: [{ ...act, id: 0, body: '/assent approve', edited_at: null }],
  };
  const verdict = evaluate(policies, { ...request, evidence });
  return verdict.approvers.some(({ login }) => login === person.login);
}
