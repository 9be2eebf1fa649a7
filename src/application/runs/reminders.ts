import type { BriefHeader } from '../../agents/brief.ts';
import { recall, sourceOf, usualBounds } from '../../domain/memory/recall.ts';
import type { RunContext } from './run-context.ts';

/** What bears on it of what came of others: of decisions and outcomes alone, with where each is from. */
export function rememberedFor(
  { ledger, item, config, deps }: RunContext,
  text: string,
): Pick<BriefHeader, 'remembered'> {
  const { days } = config.memory;
  const asked = { text, item: item.id, at: deps.now() };
  const found = recall(ledger.state.memory.notes, asked, { ...usualBounds, days });
  return found.length === 0
    ? {}
    : {
        remembered: found.map(({ note }) => ({
          source: sourceOf(note),
          text: `${note.title}: ${note.text}`,
        })),
      };
}
