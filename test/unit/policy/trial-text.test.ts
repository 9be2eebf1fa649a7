import { describe, expect, it } from 'vitest';
import { trialLine, trialSection } from '../../../src/domain/policy/trial-text.ts';
import type { PolicyTrial } from '../../../src/domain/policy/trial.ts';

const quiet: PolicyTrial = {
  head: 'c3',
  against: 'd',
  readable: true,
  faults: [],
  newly_allows: [],
  not_compared: null,
  past: { decisions: 52, could_not_tell: 0, changes: [] },
  not_simulated: null,
};
const allowing: PolicyTrial = {
  ...quiet,
  newly_allows: [
    {
      action: 'pull_request.merge',
      rules: ['merge'],
      such_as: ['nobody is asked, today it waits for a human'],
    },
  ],
  past: {
    decisions: 52,
    could_not_tell: 3,
    changes: [
      {
        change: 'newly_allowed',
        action: 'plan.adopt',
        times: 7,
        items: ['issue-1', 'issue-2'],
        because: [],
      },
      {
        change: 'newly_waiting',
        action: 'pull_request.merge',
        times: 1,
        items: ['pull-9'],
        because: ['code: 1 of 2'],
      },
    ],
  },
};

describe('what a reviewer reads of changed policies', () => {
  it('is short where nothing comes of them', () => {
    expect(trialSection(quiet)).toBe(
      [
        '#### The policies of this pull request',
        'They let nothing pass that does not pass today.',
        'None of 52 past decisions is known to come out otherwise.',
      ].join('\n\n'),
    );
    expect(trialLine(quiet)).toBe(
      'It changes the policies: none of 52 past decisions is known to come out otherwise. More in the check.',
    );
  });

  it('begins with what they newly let pass', () => {
    expect(trialSection(allowing)).toBe(
      [
        '#### The policies of this pull request',
        '**⚠ They let pass what does not pass today:**',
        '- `pull_request.merge`, by rule `merge`: nobody is asked, today it waits for a human',
        'Of 52 past decisions, some would have come out otherwise:',
        '- 7 × `plan.adopt` ⚠ would have passed (issue-1, issue-2)\n- 1 × `pull_request.merge` would have waited (pull-9): code: 1 of 2',
        '3 past decisions cannot be told: what they ask for was not looked up then.',
      ].join('\n\n'),
    );
    expect(trialLine(allowing)).toBe(
      '⚠ It changes the policies: they newly allow `pull_request.merge`; 8 of 52 past decisions would have come out otherwise. More in the check.',
    );
  });

  it('does not pass for good news where it is not known', () => {
    const unknown = {
      ...quiet,
      newly_allows: null,
      not_compared: 'it took more than 30 seconds',
      past: null,
      not_simulated: 'this history does not hold',
    };
    const section = trialSection(unknown);
    expect(section).toContain(
      'Whether they let pass what does not pass today is not known: it took more than 30 seconds.',
    );
    expect(section).toContain(
      'What they would have changed in the past is not known: this history does not hold.',
    );
    expect(section).not.toMatch(/nothing pass|None of/);
    expect(trialLine(unknown)).toContain(
      'what they newly allow is not known; no past decision says what they change',
    );
  });

  it('is nothing but the faults where they cannot be read', () => {
    const faults = Array.from({ length: 7 }, (_, index) => `policies/a.yml:${index + 1}:1: is odd`);
    const section = trialSection({ ...allowing, readable: false, faults });
    expect(section.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(6);
    expect(section).toContain('- and 2 more');
    expect(section).not.toMatch(/past|let pass/);
  });

  it('mentions nobody, closes nothing and leaves no code span, whatever a rule is called', () => {
    const name = 'x` @ann closes #1 <img src=x>';
    const section = trialSection({
      ...allowing,
      newly_allows: [{ action: name, rules: [name], such_as: [name] }],
      faults: [name],
    });
    expect(section).not.toMatch(/(^|[^\w`&;])@ann|closes #1|<img/);
  });
});
