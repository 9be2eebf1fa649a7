import type { Count } from '../approval/requirement.ts';
import { atLeast } from '../approval/people.ts';
import type { Requirement } from './rules.ts';

/** Law 2: what these do reaches the default branch, so no policy lets them pass without a human. */
export const flooredActions: readonly string[] = ['pull_request.merge', 'roadmap.publish'];

export const isFloored = (kind: string) => flooredActions.includes(kind);

/** What is asked where a policy asks for nobody: one maintainer, on the head. */
export const floorRequirement: Requirement = {
  type: 'requirement',
  step: 'floor',
  when: null,
  from: { permission: 'maintain' },
  count: 1,
  by: ['review', 'label', 'command'],
  author: false,
  contributors: false,
  edited: false,
  survives: { rebase: false, updateMerge: false, paths: [] },
  validFor: null,
  notBy: [],
};

/**
 * Whether what the policy counted is a human's word on this change: at least one person who can write. A policy may name
 * whom it likes, but those who only read or triage do not, alone, put anything on the default branch.
 */
export const standsOnFloor = (counts: readonly Count[]) =>
  counts.some(({ approvers }) =>
    approvers.some(({ person }) => atLeast(person.permission, 'write')),
  );
