import { didYouMean } from '../../domain/nearest.ts';
import { asList, asRecord } from './raw.ts';

/** Steps and gates that humans are asked for, each with the actions of every rule that asks. */
export type Asked = ReadonlyMap<string, readonly (readonly string[])[]>;

/** Notes the gates and steps that a rule, well-formed or not, asks humans for. */
export function noteAsked(asked: Map<string, string[][]>, rule: unknown): void {
  const { actions, approval } = asRecord(rule);
  const gates = strings(actions);
  if (approval === undefined) return;
  const note = (name: string, at: string[]) => asked.set(name, [...(asked.get(name) ?? []), at]);
  for (const gate of gates) note(gate, [gate]);
  for (const { part } of partsOf(approval)) {
    if (typeof part['id'] === 'string') note(part['id'], gates);
  }
}

/**
 * A separation of duties that separates nothing would pass for one that does: the step has to be known, and asked for at
 * another gate than this one, for only approvals of earlier gates are on record when this one is decided.
 */
export function notByFaults(
  rule: unknown,
  asked: Asked,
): readonly { readonly path: PropertyKey[]; readonly message: string }[] {
  const { actions, approval } = asRecord(rule);
  const here = strings(actions);
  return partsOf(approval).flatMap(({ part, path }) =>
    asList(part['not_by']).flatMap((name, index) => {
      const message = typeof name === 'string' ? faultOf(name, here, asked) : null;
      return message === null ? [] : [{ path: ['approval', ...path, 'not_by', index], message }];
    }),
  );
}

function faultOf(name: string, here: readonly string[], asked: Asked): string | null {
  const gates = asked.get(name);
  if (gates === undefined) return `unknown step or gate "${name}"${didYouMean(name, asked.keys())}`;
  return gates.some((each) => each.every((action) => !here.includes(action)))
    ? null
    : `"${name}" is asked for at this same gate; name a step or gate before it, or ask for more people with count`;
}

const strings = (value: unknown) => asList(value).filter((each) => typeof each === 'string');

interface Part {
  readonly part: Readonly<Record<string, unknown>>;
  readonly path: readonly PropertyKey[];
}

/** An approval and all its parts. By a list of what is still to be seen: a file may nest deeper than the stack is. */
function partsOf(approval: unknown): readonly Part[] {
  const seen: Part[] = [];
  const waiting: Part[] = [{ part: asRecord(approval), path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { part, path } = next;
    seen.push(next);
    for (const kind of ['steps', 'any', 'all']) {
      const inside = asList(part[kind]).map((each, index) => ({
        part: asRecord(each),
        path: [...path, kind, index],
      }));
      waiting.push(...inside);
    }
  }
  return seen;
}
