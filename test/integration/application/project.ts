import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Project {
  readonly policies?: string;
  readonly config?: string;
  /** More files, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

export const policies = `version: 1
name: widgets
roles:
  maintainer: { permission: maintain }
rules:
  - id: triage
    agents: [triager]
    actions: [issue.label, issue.comment]
    effect: allow
  - id: plan
    actions: [plan.adopt]
    effect: require_human
    approval: { id: plan, from: { roles: [maintainer] }, count: 1, by: [label, command] }
  - id: contribute
    agents: [contributor, governor]
    actions: [pull_request.open]
    effect: allow
  - id: own-rules
    agents: [contributor]
    actions: [pull_request.open]
    when: pull_request.files.exists(f, f.path.startsWith("rules/"))
    effect: deny
    reason: Agents do not change the rules they work under.
  - id: review
    agents: [reviewer]
    actions: [review.publish, check.report]
    effect: allow
  - id: merge
    actions: [pull_request.merge]
    effect: require_human
    approval: { id: code, from: { roles: [maintainer] }, count: 1, by: [review, label, command] }
  - id: roadmap
    actions: [roadmap.publish]
    effect: require_human
    approval: { id: roadmap, from: { roles: [maintainer] }, count: 1, by: [review, label] }
`;

const roadmap = `# Roadmap

## Milestone 1

- [ ] Widgets hold
- [ ] Widgets turn
`;

/** A folder that becomes the repository's first commit. */
export async function makeProject(project: Project): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-project-'));
  const files = {
    'README.md': '# Widgets\n',
    'ROADMAP.md': roadmap,
    'policies/default.yml': project.policies ?? policies,
    '.github/assent.yml': project.config ?? 'version: 1\n',
    ...project.files,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
