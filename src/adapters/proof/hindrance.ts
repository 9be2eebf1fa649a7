import type { PolicySet, Window } from '../../domain/policy/rules.ts';
import { weekdays } from '../../domain/policy/rules.ts';
import { and, no, not, or, real, sum, symbol, yes, type Term } from './term.ts';
import type { SymbolicRequest } from './variables.ts';

/** The clock of a zone in the model: days of the week from Monday, minutes since midnight. */
export const weekdayAt = (timezone: string) => `clock[${timezone}].weekday`;
export const minuteAt = (timezone: string) => `clock[${timezone}].minute`;

/** How often something was done, in the model. */
export const countOf = (agent: string, action: string, span: 'hour' | 'day') =>
  `count[${agent}][${action}].${span}`;

/** Stands for every agent, and every action, that no limit names. */
export const other = 'other';

export interface Acting {
  readonly kind: string;
  readonly request: SymbolicRequest;
  readonly by: (agents: readonly string[] | null) => Term;
  /** The agents and actions that limits name anywhere, so that what several of them count is counted once. */
  readonly agents: readonly string[];
  readonly actions: readonly string[];
  /** What the switch says: everything halted, or this agent disabled. */
  readonly stopped: Term;
}

/** When the switch, a limit, a budget or a window forbids the action, as `domain/policy/constraints.ts` has it. */
export function hindered(policies: PolicySet, acting: Acting): Term {
  return or([
    acting.stopped,
    ...policies.limits.map((limit) => {
      if (limit.actions !== null && !limit.actions.includes(acting.kind)) return no;
      const over = (most: number | null, span: 'hour' | 'day') =>
        most === null ? no : `(>= ${counted(limit, acting, span)} ${most})`;
      return and([
        acting.by(limit.agents),
        or([over(limit.perHour, 'hour'), over(limit.perDay, 'day')]),
      ]);
    }),
    ...policies.budgets.map((budget) => {
      const { request } = acting;
      const tokens = request.variable('usage.tokens_today', 'Int');
      const usd = request.variable('usage.usd_today', 'Real');
      return and([
        not(request.isNull('action.agent', 'nullable')),
        acting.by(budget.agents),
        or([
          budget.tokensPerDay === null ? no : `(>= ${tokens} ${budget.tokensPerDay})`,
          budget.usdPerDay === null ? no : `(>= ${usd} ${real(budget.usdPerDay)})`,
        ]),
      ]);
    }),
    ...outsideWindows(policies, acting),
  ]);
}

function counted(
  { agents, actions }: PolicySet['limits'][number],
  acting: Acting,
  span: 'hour' | 'day',
): Term {
  const those = agents ?? [...acting.agents, other];
  const what = actions ?? [...acting.actions, other];
  return sum(
    those.flatMap((agent) =>
      what.map((action) => {
        const path = countOf(agent, action, span);
        acting.request.law(`(>= ${symbol(path)} 0)`);
        return acting.request.variable(path, 'Int');
      }),
    ),
  );
}

/** Windows of one file are alternatives; files bind together. */
function outsideWindows({ files, windows }: PolicySet, acting: Acting): readonly Term[] {
  return files.map((file) => {
    const binding = windows
      .filter((window) => window.file === file)
      .map((window) => ({
        window,
        binds:
          window.actions !== null && !window.actions.includes(acting.kind)
            ? no
            : acting.by(window.agents),
      }));
    return and([
      or(binding.map(({ binds }) => binds)),
      not(or(binding.map(({ window, binds }) => and([binds, open(window, acting.request)])))),
    ]);
  });
}

function open({ days, opens, closes, timezone }: Window, request: SymbolicRequest): Term {
  const weekday = request.variable(weekdayAt(timezone), 'Int');
  const minute = request.variable(minuteAt(timezone), 'Int');
  request.law(and([`(>= ${weekday} 0)`, `(<= ${weekday} 6)`]));
  request.law(and([`(>= ${minute} 0)`, `(<= ${minute} 1439)`]));
  const on = (shift: number) =>
    or(days.map((day) => `(= ${weekday} ${(weekdays.indexOf(day) + shift) % 7})`));
  const from = opens === 0 ? yes : `(>= ${minute} ${opens})`;
  const until = `(< ${minute} ${closes})`;
  return closes > opens ? and([on(0), from, until]) : or([and([on(0), from]), and([on(1), until])]);
}
