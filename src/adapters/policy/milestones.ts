import { z } from 'zod';
import type { ApprovalEntry, FromEntry } from './approval-schema.ts';
import { strict } from './issues.ts';

export interface MilestoneFileEntry {
  name: string;
  gated?: boolean | undefined;
  scope?: FromEntry | undefined;
}

export function milestonesSchema(from: z.ZodType<FromEntry>) {
  return z
    .array(
      strict({
        name: z
          .string()
          .trim()
          .min(1, { error: 'is empty' })
          .max(100)
          .describe('As its heading in the roadmap, or the milestone of issues, begins'),
        gated: z
          .boolean()
          .optional()
          .describe('Work on it waits until the roadmap says in progress or done'),
        scope: from.optional().describe('Whose approval its plans and its rows take besides'),
      }).refine(({ gated, scope }) => gated === true || scope !== undefined, {
        error: 'says nothing: needs gated: true, or scope',
      }),
    )
    .superRefine((entries, issues) => {
      const names = entries.map(({ name }) => name.toLowerCase());
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) === index) continue;
        const message = `milestone "${entries[index]?.name ?? ''}" stands twice; keep one`;
        issues.addIssue({ code: 'custom', path: [index, 'name'], message });
      }
    })
    .describe('Milestones of the roadmap whose work, or whose scope, takes more');
}

interface RuleDraft {
  id: string;
  actions: string[];
  when: string;
  effect: 'deny' | 'require_human';
  approval?: ApprovalEntry;
  reason?: string;
}

/** A rule made of an entry, with what only such rules have. */
export interface MilestoneRule {
  readonly entry: RuleDraft;
  /** Whose gate it is, where it is one. */
  readonly gate: string | null;
}

/** As ordinary rules, so that the floor, `prove` and `simulate` see them like any other. */
export function milestoneRules({
  name,
  gated,
  scope,
}: MilestoneFileEntry): readonly MilestoneRule[] {
  const id = `milestone:${name}`;
  const step = `scope:${name}`;
  return [
    ...(gated === true ? [{ gate: name, entry: gateRule(id, name) }] : []),
    ...(scope === undefined
      ? []
      : [
          {
            gate: null,
            entry: {
              id: `${id}:plan`,
              actions: ['plan.adopt'],
              when: isAbout('issue', name),
              effect: 'require_human' as const,
              // Its owner's word is asked for besides the others'; who opened the issue may be the owner.
              approval: { id: step, from: scope, by: ['label', 'command'] as Way[], author: true },
              reason: `a plan for "${name}" is a matter of its scope`,
            },
          },
          {
            gate: null,
            entry: {
              id: `${id}:rows`,
              actions: ['pull_request.merge', 'roadmap.publish'],
              when: changesRowsOf(name),
              effect: 'require_human' as const,
              approval: {
                id: step,
                from: scope,
                by: ['review', 'label', 'command'] as Way[],
                author: true,
                contributors: true,
              },
              reason: `it changes what "${name}" holds, or opens it`,
            },
          },
        ]),
  ];
}

type Way = 'review' | 'label' | 'command';

const gateRule = (id: string, name: string): RuleDraft => ({
  id,
  actions: ['plan.adopt', 'pull_request.open', 'pull_request.merge'],
  when: `(${isAbout('issue', name, isClosed)}) || (${isAbout('pull_request', name, isClosed)})`,
  effect: 'deny',
});

type Subject = 'issue' | 'pull_request';

const isClosed = (milestone: string): string =>
  ` && ${milestone}.status != "in_progress" && ${milestone}.status != "done"`;

const isAbout = (
  of: Subject,
  name: string,
  more: (milestone: string) => string = () => '',
): string => {
  const milestone = `${of}.milestone`;
  return (
    `${of} != null && has(${milestone}) && ${milestone} != null && ` +
    `(${matches(`${milestone}.title`, name)} || (has(${milestone}.heading) && ${milestone}.heading != null && ` +
    `${matches(`${milestone}.heading`, name)}))${more(milestone)}`
  );
};

const changesRowsOf = (name: string): string =>
  'pull_request != null && has(pull_request.roadmap) && ' +
  `pull_request.roadmap.exists(m, ${matches('m.title', name)})`;

/** "Milestone 2" is the beginning of "Milestone 2: Scale", and not of "Milestone 20" or "Milestone 2.1". */
function matches(text: string, name: string): string {
  const words = name
    .split(/\s+/)
    .map(escaped)
    .join(String.raw`\s+`);
  const pattern = String.raw`(?i)^\W*${words}($|\.$|\.?\s|:|,|;|\(|-|–|—|\|)`;
  return `${text}.matches(${JSON.stringify(pattern)})`;
}

const escaped = (word: string): string => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
