import type { ActorFacts, PersonFacts, PolicyRequest } from '../policy/request.ts';
import { fold } from './people.ts';

/** Somebody who might be asked: no evidence, only a name for the explanation. */
export interface Candidate extends Omit<PersonFacts, 'id'>, ActorFacts {}

/** Everybody a request knows the rights of, as far as it says who they are. */
export function candidatesIn(request: PolicyRequest): readonly Candidate[] {
  const { evidence, pull_request, issue, people } = request;
  const acts = [...evidence.reviews, ...evidence.labels, ...evidence.comments];
  const actors = [pull_request?.author, issue?.author, ...acts.map(({ user }) => user)];
  return Object.entries(people).map(([login, facts], index) => {
    const known = actors.find((actor) => actor != null && fold(actor.login) === fold(login));
    // Whom no act names has no id here, and is nobody's author either.
    return { ...facts, ...(known ?? { id: -1 - index, login, type: 'User' }) };
  });
}
