import { z } from 'zod';
import {
  defaultRepositoryConfig,
  type RepositoryConfig,
  REPOSITORY_CONFIG_PATH,
} from '../../domain/repository-config.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import { agentConfig, agentFaults, agentKeys } from './agent-config.ts';
import { duration, milliseconds } from './duration.ts';
import { strict } from './issues.ts';
import { check, faultLine, readYaml } from './located-yaml.ts';

const { ledger, agents, memory } = defaultRepositoryConfig;

const text = (most: number) => z.string().trim().min(1, 'is empty').max(most);

/** What git takes for a branch, less what a shell or a URL would trip over. */
const branchName = text(200)
  .regex(/^[A-Za-z0-9][\w./-]*$/u, 'is no branch name: letters, digits, "." "_" "/" "-"')
  .refine(
    (name) => !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|[./]$/u.test(name),
    'is no branch name that git takes',
  );

const pathInRepository = text(300).refine(
  (path) =>
    !path.startsWith('/') &&
    !path.includes('\\') &&
    !path.split('/').some((part) => /^\.{0,2}$/u.test(part)),
  'must be a path inside the repository, such as ROADMAP.md',
);

const model = text(200).nullable().default(null);

// Refused and not passed over: a setting that is accepted and does nothing is worse than none.
const notify = z
  .array(z.unknown())
  .max(0, 'no notifier is there yet: leave the list empty')
  .optional();

const agent = { enabled: z.boolean().default(true), model, ...agentKeys };
const artifacts = z.array(pathInRepository).max(20).default([]);
const labels = z.array(text(50)).max(50).default([]);

export const repositoryConfigSchema = strict({
  version: z.literal(1),
  ledger: strict({
    branch: branchName.default(ledger.branch),
    on_foreign_commit: z.enum(['stop', 'quarantine']).default(ledger.on_foreign_commit),
  }).prefault({}),
  agents: strict({
    triager: strict({
      ...agent,
      remind_after: duration.nullable().default('7d'),
      stale_after: duration.nullable().default(null),
    })
      .superRefine(agentFaults('triager'))
      .prefault({}),
    contributor: strict({
      ...agent,
      steps: z
        .array(strict({ name: text(60), run: text(1000), artifacts }))
        .max(20)
        .default([]),
    })
      .superRefine(agentFaults('contributor'))
      .prefault({}),
    reviewer: strict(agent).superRefine(agentFaults('reviewer')).prefault({}),
    governor: strict({
      ...agent,
      every: z.int().min(1).max(1000).default(agents.governor.every),
      roadmap: pathInRepository.default(agents.governor.roadmap),
      changelog: z
        .union([
          pathInRepository.regex(
            /\.(?:md|markdown)$/i,
            'must be a Markdown file, such as CHANGELOG.md',
          ),
          z.literal(false),
        ])
        .nullable()
        .default(agents.governor.changelog),
      change_labels: strict({ breaking: labels, feature: labels, fix: labels }).prefault({}),
    })
      .superRefine(agentFaults('governor'))
      .prefault({}),
  }).prefault({}),
  labels: strict({ type: labels, priority: labels, area: labels }).prefault({}),
  memory: strict({ days: z.int().min(0).max(3650).default(memory.days) }).prefault({}),
  notify,
});

/** The configuration of a repository; null: it has none, and the defaults hold. All faults in one refusal, a line each. */
export function loadRepositoryConfig(content: string | null): Result<RepositoryConfig> {
  if (content === null) return ok(defaultRepositoryConfig);
  const { value, faults } = check(
    readYaml(REPOSITORY_CONFIG_PATH, content),
    repositoryConfigSchema,
  );
  if (value === null) return refuse('config.malformed', faults.map(faultLine).join('\n'));
  return ok({
    version: value.version,
    ledger: value.ledger,
    agents: {
      triager: {
        ...agentConfig(value.agents.triager),
        ...reminders(value.agents.triager),
      },
      contributor: {
        ...agentConfig(value.agents.contributor),
        steps: value.agents.contributor.steps,
      },
      reviewer: agentConfig(value.agents.reviewer),
      governor: {
        ...agentConfig(value.agents.governor),
        every: value.agents.governor.every,
        roadmap: value.agents.governor.roadmap,
        change_labels: value.agents.governor.change_labels,
        changelog: value.agents.governor.changelog,
      },
    },
    labels: value.labels,
    memory: value.memory,
  });
}

type Triager = z.infer<typeof repositoryConfigSchema>['agents']['triager'];

const reminders = ({ remind_after: remind, stale_after: stale }: Triager) => ({
  remind_after: remind === null ? null : milliseconds(remind),
  stale_after: stale === null ? null : milliseconds(stale),
});
