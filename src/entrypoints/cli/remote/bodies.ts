import type { z } from 'zod';
import { bodies } from '../../server/api/schemas.ts';
import { UnreachableError } from './ask.ts';
import { line } from './answering.ts';

type Bodies = typeof bodies;

/** What the API answered, held to the schema it is described by: another program at that address is told apart here. */
export function read<Name extends keyof Bodies>(name: Name, body: unknown): z.infer<Bodies[Name]> {
  const parsed = bodies[name].safeParse(body);
  if (parsed.success) return parsed.data as z.infer<Bodies[Name]>;
  throw new UnreachableError(
    `what answers at that address is not this version of Assent: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`,
  );
}

/** The switch, in lines. */
export function switchOf(body: unknown): readonly string[] {
  const { halted, disabled_agents, requests } = read('Switch', body);
  return [
    halted === null
      ? 'running'
      : line(`halted by ${halted.by} since ${halted.since}: ${halted.reason}`),
    ...requests.map(({ act, agent, by, since, reason }) =>
      line(
        `${by} asked to ${act}${agent === null ? '' : ` the ${agent}`} at ${since}: ${reason}; somebody else has to ask, too`,
      ),
    ),
    ...(disabled_agents.length === 0 ? [] : [line(`disabled: ${disabled_agents.join(', ')}`)]),
  ];
}
