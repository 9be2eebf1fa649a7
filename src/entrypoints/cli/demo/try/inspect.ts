import { simpleGit } from 'simple-git';
import { checkPolicies, type PolicyCheck } from '../../../../application/tools/policy-tools.ts';
import { readRoadmapText } from '../../../../application/tools/roadmap-tools.ts';
import { policySource, repositoryConfig, roadmapDocument } from '../../../../composition.ts';
import {
  defaultRepositoryConfig,
  REPOSITORY_CONFIG_PATH,
} from '../../../../domain/repository-config.ts';
import type { Copy } from './copy.ts';

/** What Assent reads of a repository before anything happens in it. */
export interface Inspection {
  readonly policies: Pick<PolicyCheck, 'valid' | 'files' | 'rules' | 'faults' | 'warnings'>;
  readonly configuration: {
    readonly path: string;
    /** False: the defaults hold. */
    readonly present: boolean;
    readonly valid: boolean;
    readonly faults: readonly string[];
  };
  readonly roadmap: {
    readonly path: string;
    /** Null: there is no such file. */
    readonly milestones: readonly MilestoneSeen[] | null;
  };
  readonly remedies: readonly string[];
}

interface MilestoneSeen {
  readonly title: string;
  readonly status: string;
  readonly done: number;
  readonly total: number;
}

/** Read from the commit, as the service reads it: no link is followed, nothing is run. */
export async function inspectCopy({ folder }: Copy): Promise<Inspection> {
  const git = simpleGit(folder);
  const read = (path: string): Promise<string | null> =>
    git.raw(['cat-file', 'blob', `HEAD:${path}`]).catch(() => null);
  const paths = (await git.raw(['ls-tree', '-r', '-z', '--name-only', 'HEAD', 'policies/']))
    .split('\0')
    .filter((path) => /\.ya?ml$/.test(path));
  const files = new Map<string, string>();
  for (const path of paths) files.set(path, (await read(path)) ?? '');
  const policies = checkPolicies(policySource, files);
  const text = await read(REPOSITORY_CONFIG_PATH);
  const config = repositoryConfig(text);
  const path = (config.ok ? config.value : defaultRepositoryConfig).agents.governor.roadmap;
  const roadmap = await read(path);
  const { valid, rules, faults, warnings } = policies;
  return {
    policies: { valid, files: policies.files, rules, faults, warnings },
    configuration: {
      path: REPOSITORY_CONFIG_PATH,
      present: text !== null,
      valid: config.ok,
      faults: config.ok ? [] : config.refusal.message.split('\n'),
    },
    roadmap: { path, milestones: roadmap === null ? null : milestonesIn(roadmap) },
    remedies: remediesFor({
      valid,
      rules,
      config: config.ok,
      roadmap: roadmap === null ? path : null,
    }),
  };
}

const milestonesIn = (text: string): readonly MilestoneSeen[] =>
  readRoadmapText(roadmapDocument(), text).milestones.map(({ title, status, measured }) => ({
    title,
    status,
    done: measured.done,
    total: measured.total,
  }));

export const whatToDo = 'What to do';

function remediesFor(found: {
  readonly valid: boolean;
  readonly rules: number;
  readonly config: boolean;
  readonly roadmap: string | null;
}): readonly string[] {
  const remedies: string[] = [];
  if (!found.valid) {
    remedies.push(
      'Mend the policies named above and commit: until then every item waits and nothing is done.',
    );
  } else if (found.rules === 0) {
    remedies.push(
      'There is no policy, so everything is denied. Write policies/default.yml (docs/policies.md shows one) and commit it.',
    );
  }
  if (!found.config)
    remedies.push(`Mend ${REPOSITORY_CONFIG_PATH} and commit: until then every item waits.`);
  if (found.roadmap !== null) {
    remedies.push(
      `There is no ${found.roadmap}: issues are worked on, but a governance cycle has nothing to update. Add one, or name yours in ${REPOSITORY_CONFIG_PATH}.`,
    );
  }
  return remedies;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const places = ({ file, line, column, message }: PolicyCheck['faults'][number]): string =>
  `${file}${line === null ? '' : `:${line}:${column ?? 1}`}: ${message}`;

/** The same for people, a heading and its lines. */
export function tellInspection({
  policies,
  configuration,
  roadmap,
  remedies,
}: Inspection): readonly {
  readonly title: string;
  readonly good: boolean;
  readonly lines: readonly string[];
}[] {
  return [
    {
      title: `Policies: ${policies.valid ? `${plural(policies.rules, 'rule')} in ${plural(policies.files.length, 'file')}` : plural(policies.faults.length, 'fault')}`,
      good: policies.valid && policies.rules > 0,
      lines: [...policies.faults, ...policies.warnings].map(places),
    },
    {
      title: `Configuration: ${configuration.present ? configuration.path : `no ${configuration.path}, so the defaults hold`}`,
      good: configuration.valid,
      lines: configuration.faults,
    },
    {
      title:
        roadmap.milestones === null
          ? `Roadmap: no ${roadmap.path}`
          : `Roadmap: ${plural(roadmap.milestones.length, 'milestone')} in ${roadmap.path}`,
      good: roadmap.milestones !== null,
      lines: (roadmap.milestones ?? []).map(
        ({ title, status, done, total }) =>
          `${title}: ${status.replaceAll('_', ' ')}${total === 0 ? '' : `, ${done} of ${total} done`}`,
      ),
    },
    ...(remedies.length === 0 ? [] : [{ title: whatToDo, good: false, lines: remedies }]),
  ];
}
