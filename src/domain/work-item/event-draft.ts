import type { EventActor } from '../ledger/envelope.ts';
import { versions, type DomainEvent, type EventData, type EventType } from './event.ts';

export const system: EventActor = { kind: 'system', id: null, login: 'assent' };

export const agentActor = (agent: string): EventActor => ({
  kind: 'agent',
  id: null,
  login: agent,
});

export function event<T extends EventType>(
  type: T,
  item: string | null,
  actor: EventActor,
  data: EventData[T],
): DomainEvent {
  // The union cannot be correlated with T by the compiler; the mapped type of EventData keeps the pair true.
  return { type, version: versions[type], item, actor, data } as DomainEvent;
}
