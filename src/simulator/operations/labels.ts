import type { Doer } from '../actor.ts';
import { GitHubRefusal, invalidField } from '../errors.ts';
import type { IssueRecord, LabelRecord, RepositoryRecord } from '../model.ts';
import { label as representLabel } from '../representations/issue.ts';
import type { World } from '../world.ts';
import { announce, announceIssue } from './announce.ts';
import { record } from './events.ts';

const keyOf = (name: string): string => name.toLowerCase();

export const findLabel = (repository: RepositoryRecord, name: string): LabelRecord | undefined =>
  repository.labels.get(keyOf(name));

export function createLabel(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  input: { name: string; color: string; description: string | null },
): LabelRecord {
  checkName(input.name);
  checkColor(input.color);
  if (findLabel(repository, input.name) !== undefined) {
    throw invalidField('Label', 'name', 'already_exists');
  }
  const label: LabelRecord = { id: world.id(), ...input };
  repository.labels.set(keyOf(label.name), label);
  announce(world, repository, by, 'label', () => ({
    action: 'created',
    label: representLabel(world, repository, label),
  }));
  return label;
}

function checkName(name: string): void {
  if (name.trim() === '') throw invalidField('Label', 'name', 'missing_field');
  if (name.length > 50) {
    throw invalidField('Label', 'name', 'custom', 'name is too long (maximum is 50 characters)');
  }
}

function checkColor(color: string): void {
  if (!/^[0-9a-fA-F]{6}$/.test(color)) throw invalidField('Label', 'color', 'invalid');
}

export function editLabel(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  label: LabelRecord,
  input: { name?: string; color?: string; description?: string | null },
): void {
  const changes: Record<string, { from: string }> = {};
  if (input.name !== undefined && input.name !== label.name) {
    checkName(input.name);
    const other = findLabel(repository, input.name);
    if (other !== undefined && other !== label)
      throw invalidField('Label', 'name', 'already_exists');
    changes['name'] = { from: label.name };
    repository.labels.delete(keyOf(label.name));
    label.name = input.name;
    repository.labels.set(keyOf(label.name), label);
  }
  if (input.color !== undefined && input.color !== label.color) {
    checkColor(input.color);
    changes['color'] = { from: label.color };
    label.color = input.color;
  }
  if (input.description !== undefined && input.description !== label.description) {
    changes['description'] = { from: label.description ?? '' };
    label.description = input.description;
  }
  announce(world, repository, by, 'label', () => ({
    action: 'edited',
    changes,
    label: representLabel(world, repository, label),
  }));
}

export function deleteLabel(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  label: LabelRecord,
): void {
  repository.labels.delete(keyOf(label.name));
  for (const issue of repository.issues.values()) {
    if (issue.labels.includes(label)) takeLabel(world, repository, by, issue, label);
  }
  announce(world, repository, by, 'label', () => ({
    action: 'deleted',
    label: representLabel(world, repository, label),
  }));
}

/** `add` keeps what is there, `set` makes it exactly these. Labels nobody made yet are made, in grey, as GitHub does. */
export function setLabels(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  names: readonly string[],
  how: 'add' | 'set',
): void {
  const wanted = namedLabels(world, repository, by, names);
  if (how === 'set') {
    for (const label of issue.labels.filter((one) => !wanted.includes(one))) {
      takeLabel(world, repository, by, issue, label);
    }
  }
  for (const label of wanted) giveLabel(world, repository, by, issue, label);
}

export function namedLabels(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  names: readonly string[],
): LabelRecord[] {
  for (const name of names) checkName(name);
  const found = names.map(
    (name) =>
      findLabel(repository, name) ??
      createLabel(world, repository, by, { name, color: 'ededed', description: null }),
  );
  return [...new Set(found)];
}

function giveLabel(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  label: LabelRecord,
): void {
  if (issue.labels.includes(label)) return;
  if (issue.labels.length >= 100)
    throw new GitHubRefusal(422, 'An issue can have at most 100 labels.');
  issue.labels.push(label);
  tellLabeled(world, repository, by, issue, label);
}

/** Writes down and announces a label that stands already, as on an issue opened with it. */
export function tellLabeled(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  label: LabelRecord,
): void {
  record(world, repository, by, issue, 'labeled', {
    kind: 'label',
    label: { name: label.name, color: label.color },
  });
  announceIssue(world, repository, by, 'labeled', issue, {
    label: representLabel(world, repository, label),
  });
}

export function takeLabel(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  label: LabelRecord,
): void {
  if (!issue.labels.includes(label)) throw new GitHubRefusal(404, 'Label does not exist');
  issue.labels = issue.labels.filter((one) => one !== label);
  record(world, repository, by, issue, 'unlabeled', {
    kind: 'label',
    label: { name: label.name, color: label.color },
  });
  announceIssue(world, repository, by, 'unlabeled', issue, {
    label: representLabel(world, repository, label),
  });
}
