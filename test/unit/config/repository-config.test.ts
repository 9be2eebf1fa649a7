import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  loadRepositoryConfig,
  repositoryConfigSchema,
} from '../../../src/adapters/policy/repository-config.ts';
import { defaultRepositoryConfig } from '../../../src/domain/repository-config.ts';
import published from '../../../schema/repository-config.json' with { type: 'json' };

const messageOf = (text: string): string => {
  const loaded = loadRepositoryConfig(text);
  return loaded.ok ? 'accepted' : loaded.refusal.message;
};

describe('the configuration in a repository', () => {
  it.each([
    ['no file', null],
    ['a file that only names its version', 'version: 1\n'],
  ])('%s means the defaults', (_title, text) => {
    expect(loadRepositoryConfig(text)).toEqual({ ok: true, value: defaultRepositoryConfig });
  });

  it('changes what it names, and nothing else', () => {
    const loaded = loadRepositoryConfig(
      [
        'version: 1',
        'ledger: { branch: main }',
        'agents:',
        '  reviewer: { enabled: false }',
        '  contributor: { steps: [{ name: test, run: npm test, artifacts: [coverage/report.json] }] }',
        '  governor: { every: 3, roadmap: docs/ROADMAP.md }',
        'labels: { type: [bug, feature] }',
      ].join('\n'),
    );

    expect(loaded).toEqual({
      ok: true,
      value: {
        version: 1,
        ledger: { branch: 'main', on_foreign_commit: 'stop' },
        agents: {
          triager: {
            enabled: true,
            model: null,
            remind_after: 604_800_000,
            stale_after: null,
          },
          contributor: {
            enabled: true,
            model: null,
            steps: [{ name: 'test', run: 'npm test', artifacts: ['coverage/report.json'] }],
          },
          reviewer: { enabled: false, model: null },
          governor: { enabled: true, model: null, every: 3, roadmap: 'docs/ROADMAP.md' },
        },
        labels: { type: ['bug', 'feature'], priority: [], area: [] },
        memory: { days: 180 },
      },
    });
  });

  it('tells all faults at once, each with its line and the nearest known key', () => {
    const message = messageOf(
      'version: 1\nagent: {}\nagents:\n  reviewer: { enable: true }\n  governor: { every: 0 }\n',
    );

    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^\.github\/assent\.yml:2:1: .*"agent".*did you mean "agents"/u),
      expect.stringMatching(/^\.github\/assent\.yml:4:15: .*"enable".*did you mean "enabled"/u),
      expect.stringMatching(/^\.github\/assent\.yml:5:22: /u),
    ]);
  });

  it.each([
    ['an empty file', '', 'assent.yml'],
    ['another version', 'version: 2\n', ':1:10:'],
    ['what is no YAML', 'version: [\n', 'assent.yml:'],
    ['a branch that git would not take', 'version: 1\nledger: { branch: "a..b" }\n', 'branch'],
    ['a branch that looks like an option', 'version: 1\nledger: { branch: --force }\n', 'branch'],
    [
      'a roadmap outside the repository',
      'version: 1\nagents: { governor: { roadmap: ../x.md } }\n',
      'inside',
    ],
    [
      'an agent of its own, which is not there yet',
      'version: 1\nagents: { triager: { uses: ./a } }\n',
      'not supported yet',
    ],
    [
      'a remedy that nobody knows',
      'version: 1\nledger: { on_foreign_commit: ignore }\n',
      'quarantine',
    ],
    ['a notifier, which is not there yet', 'version: 1\nnotify: [slack]\n', 'leave the list empty'],
  ])('refuses %s', (_title, text, expected) => {
    expect(messageOf(text)).toContain(expected);
  });

  it('is published as the JSON Schema it is checked by', () => {
    const { $id: _id, title: _title, ...rest } = published;

    expect(rest).toEqual(
      JSON.parse(JSON.stringify(z.toJSONSchema(repositoryConfigSchema, { io: 'input' }))),
    );
  });
});
