import { ok, refuse, type Result } from '../result.ts';
import type { Command } from './command.ts';
import type { DomainEvent, EventData, EventType } from './event.ts';
import { event, system } from './event-draft.ts';
import type { GovernanceState } from './state.ts';

type EffectCommand = Extract<
  Command,
  {
    kind:
      | 'intend'
      | 'effect_done'
      | 'effect_refused'
      | 'effect_retried'
      | 'effect_waiting'
      | 'effect_uncertain';
  }
>;

/** The outbox: an outward act is meant once under its key, and then known to be done, refused, delayed or untold. */
export function proposeEffect(
  state: GovernanceState,
  command: EffectCommand,
): Result<readonly DomainEvent[]> {
  const intent = state.intents[command.key];
  if (command.kind === 'intend') {
    if (intent !== undefined)
      return refuse('effect.intended', `${command.key} is intended already`);
    const { key, effect: kind, payload } = command;
    const item = command.item === '' ? null : command.item;
    return ok([event('effect.intended', item, system, { key, kind, payload })]);
  }
  if (intent === undefined) {
    return refuse('effect.unknown', `${command.key} is not outstanding`);
  }
  const about = (type: EventType, data: EventData[EventType]) =>
    ok([event(type, intent.item === '' ? null : intent.item, system, data)]);
  const { key } = command;
  switch (command.kind) {
    case 'effect_done':
      return about('effect.done', { key, receipt: command.receipt });
    case 'effect_refused':
      return about('effect.refused', { key, code: command.code, reason: command.reason });
    case 'effect_retried':
      return about('effect.retried', { key, reason: command.reason, retry_at: command.retry_at });
    case 'effect_waiting': {
      const { code, reason } = command;
      if (intent.waiting?.code === code && intent.waiting.reason === reason)
        return refuse('unchanged', `${key} waits for that already`);
      return about('effect.waiting', { key, code, reason });
    }
    case 'effect_uncertain':
      return about('effect.uncertain', { key, reason: command.reason });
  }
}
