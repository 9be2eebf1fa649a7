import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  loadRepositoryConfig,
  repositoryConfigSchema,
} from '../../../src/adapters/policy/repository-config.ts';
import { registeredAgents } from '../../../src/domain/agents/registry.ts';
import { defaultRepositoryConfig } from '../../../src/domain/repository-config.ts';
import published from '../../../schema/repository-config.json' with { type: 'json' };

const { agents } = defaultRepositoryConfig;

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
          triager: agents.triager,
          contributor: {
            ...agents.contributor,
            steps: [{ name: 'test', run: 'npm test', artifacts: ['coverage/report.json'] }],
          },
          reviewer: { ...agents.reviewer, enabled: false },
          governor: { ...agents.governor, every: 3, roadmap: 'docs/ROADMAP.md' },
        },
        labels: { type: ['bug', 'feature'], priority: [], area: [] },
        memory: { days: 180 },
      },
    });
  });

  it('says what does an agent’s work, and with what', () => {
    const loaded = loadRepositoryConfig(
      [
        'version: 1',
        'agents:',
        '  triager: { uses: process, command: [python3, agents/triage.py], timeout: 5m, programs: [python3], tools: [] }',
        '  contributor: { tools: [list, read, run], tier: read }',
        '  reviewer: { uses: codex, model: big }',
      ].join('\n'),
    );
    const config = loaded.ok ? loaded.value : defaultRepositoryConfig;
    expect(
      registeredAgents(config).map(({ role, uses, model, tools, capabilities }) => [
        role,
        uses,
        model,
        tools.map(({ name, tier }) => `${name} (${tier})`).join(' '),
        capabilities.join(', '),
      ]),
    ).toEqual([
      [
        'triager',
        {
          kind: 'process',
          command: ['python3', 'agents/triage.py'],
          timeout_ms: 300_000,
          programs: ['python3'],
        },
        null,
        '',
        'runs a program in the sandbox, asks a human',
      ],
      [
        'contributor',
        { kind: 'built-in' },
        null,
        'list (read) read (read)',
        'edits a checkout, asks the model',
      ],
      [
        'reviewer',
        { kind: 'coder', coder: 'codex', timeout_ms: 1_200_000, programs: [] },
        'big',
        'model (outward)',
        'runs a program in the sandbox, asks the model, through the proxy',
      ],
      ['governor', { kind: 'built-in' }, null, '', 'asks the model'],
    ]);
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
      'an agent that nobody knows',
      'version: 1\nagents: { triager: { uses: codecs } }\n',
      'did you mean "codex"',
    ],
    [
      'a process without a command',
      'version: 1\nagents: { triager: { uses: process } }\n',
      'agents.triager.uses: takes a command',
    ],
    [
      'a command that nobody would run',
      'version: 1\nagents: { triager: { command: [a] } }\n',
      'belongs to "uses: process"',
    ],
    [
      'a time-out of what is built in',
      'version: 1\nagents: { triager: { timeout: 5m } }\n',
      'is for programs',
    ],
    [
      'a path among the programs',
      'version: 1\nagents: { triager: { uses: process, command: [a], programs: [/etc/a] } }\n',
      'is no name of a program',
    ],
    [
      'a tool that the agent does not have',
      'version: 1\nagents: { triager: { tools: [write] } }\n',
      'the triager has no tool "write" here: it has none',
    ],
    [
      'tools for a program, which has its own',
      'version: 1\nagents: { contributor: { uses: codex, tools: [read] } }\n',
      'it has model',
    ],
    [
      'a coder that only edits, where there is nothing to edit',
      'version: 1\nagents: { reviewer: { uses: aider } }\n',
      'for the contributor',
    ],
    [
      'a program that may not run',
      'version: 1\nagents: { contributor: { uses: codex, tier: write } }\n',
      'a program runs',
    ],
    [
      'a remedy that nobody knows',
      'version: 1\nledger: { on_foreign_commit: ignore }\n',
      'quarantine',
    ],
    [
      'a changelog that is no document',
      'version: 1\nagents: { governor: { changelog: src/index.ts } }\n',
      'changelog',
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
