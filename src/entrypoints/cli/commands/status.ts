import type { Command } from 'commander';
import type { z } from 'zod';
import type { bodies } from '../../server/api/schemas.ts';
import { exitCode, type Cli } from '../command.ts';
import { answering, line, refusal, type Told } from '../remote/answering.ts';
import { askService } from '../remote/ask.ts';
import { read, switchOf } from '../remote/bodies.ts';
import { remoteOptions } from '../remote/options.ts';
import { remoteFrom, type Remote, type RemoteOptions } from '../remote/remote.ts';

const statusExamples = `
Examples:
  ASSENT_URL=https://assent.example GITHUB_TOKEN=… assent status
  assent status --service http://127.0.0.1:3000 --repository acme/widgets --json

Exit: 0 nothing waits for a human · 1 no such repository, or not for you · 2 wrong usage · 3 something waits for a human · 4 cannot tell.`;

const showExamples = `
Examples:
  assent show issue-12
  assent show pull-7 --json

Exit: 0 it waits for no human · 1 no such item, or not for you · 2 wrong usage · 3 it waits for a human · 4 cannot tell.`;

export function statusCommands(program: Command, cli: Cli): void {
  remoteOptions(program.command('status').description('What waits for whom, and the switch'))
    .addHelpText('after', statusExamples)
    .action(async (options: RemoteOptions) => {
      cli.end(
        await answering(cli.terminal, options.json, async () =>
          status(await remoteFrom(process.env, options)),
        ),
      );
    });
  remoteOptions(
    program
      .command('show <item>')
      .description('One item: its state, what policy asks and why, who has approved, its history'),
  )
    .addHelpText('after', showExamples)
    .action(async (item: string, options: RemoteOptions) => {
      cli.end(
        await answering(cli.terminal, options.json, async () =>
          show(await remoteFrom(process.env, options), itemIdOf(item)),
        ),
      );
    });
}

/** `12` and `#12` are issue 12; items have names of their own beside. */
export const itemIdOf = (text: string): string =>
  /^#?\d+$/u.test(text) ? `issue-${text.replace('#', '')}` : text;

type Repository = z.infer<(typeof bodies)['Repository']>;
type Item = z.infer<(typeof bodies)['Item']>;

async function status(remote: Remote): Promise<Told> {
  const answer = await askService(remote, 'GET', `/repositories/${remote.repository}`);
  if (answer.status >= 300) return refusal(answer);
  const body = read('Repository', answer.body);
  const waits = body.waiting.some(({ human }) => human);
  return {
    code: waits ? exitCode.waiting : exitCode.done,
    document: body,
    lines: statusLines(body),
  };
}

const statusLines = (body: Repository): readonly string[] => [
  body.full_name,
  ...switchOf(body.switch).map((one) => `  ${one}`),
  ...body.faults.map((fault) => line(`  everything waits, the rules cannot be read: ${fault}`)),
  `  ${body.cycle.merges} of ${body.cycle.every} merges of cycle ${body.cycle.number}, open items: ${body.open_items}`,
  '',
  ...waitingLines(body.waiting),
];

const waitingLines = (waiting: Item['waiting']): readonly string[] =>
  waiting.length === 0
    ? ['Nothing waits for anybody.']
    : waiting.flatMap(({ item, whom, what, how, since }) => [
        line(`${item.id}  ${item.title}`),
        `  ${line(`${whom} to ${what}, since ${since}`)}`,
        ...(how === null ? [] : [`  ${line(how)}`]),
      ]);

export async function lookAt(remote: Remote, id: string): Promise<Item | Told> {
  const path = `/repositories/${remote.repository}/items/${encodeURIComponent(id)}`;
  const answer = await askService(remote, 'GET', path);
  return answer.status >= 300 ? refusal(answer) : read('Item', answer.body);
}

export const isTold = (value: Item | Told): value is Told => 'code' in value;

async function show(remote: Remote, id: string): Promise<Told> {
  let found = await lookAt(remote, id);
  // A number is an issue's or a pull request's; GitHub counts them together.
  if (isTold(found) && id.startsWith('issue-')) {
    const other = await lookAt(remote, id.replace('issue-', 'pull-'));
    if (!isTold(other)) found = other;
  }
  if (isTold(found)) return found;
  return {
    code: found.waiting.some(({ human }) => human) ? exitCode.waiting : exitCode.done,
    document: found,
    lines: itemLines(found),
  };
}

const HISTORY_SHOWN = 12;

export function itemLines(page: Item): readonly string[] {
  const { item, waiting, approvals, ignored, notices, verdict, timeline } = page;
  const earlier = timeline.length - HISTORY_SHOWN;
  return [
    line(`${item.id}  ${item.title}`),
    line(
      `${words(item.kind)} in ${words(item.stage)}, ${words(item.authority)}${item.pull_request === null ? '' : `, pull request #${item.pull_request}`}`,
    ),
    ...(item.held === null ? [] : [line(`held by ${item.held}`)]),
    ...(item.note === null ? [] : [line(item.note)]),
    ...(item.url === null ? [] : [line(item.url)]),
    ...section(
      'Waits',
      waiting.map(
        ({ whom, what, how }) => `for ${whom} to ${what}${how === null ? '' : `: ${how}`}`,
      ),
    ),
    ...(verdict === null ? [] : ['', 'What policy says', ...tree(verdict.reasons, 1)]),
    ...section(
      'Approvals in force',
      approvals.map(
        ({ login, by, gate, digest }) => `${login} by ${by}, for ${gate} on ${digest.slice(0, 12)}`,
      ),
    ),
    ...section(
      'Seen, and counted for nothing',
      ignored.map(({ evidence, reason }) => `${evidence}: ${reason}`),
    ),
    ...section(
      'Answers',
      notices.map(({ to, text }) => `${to}: ${text}`),
    ),
    ...section(
      earlier > 0 ? `History (${earlier} earlier events not shown)` : 'History',
      timeline.slice(-HISTORY_SHOWN).map(({ at, actor, text }) => `${at}  ${actor.login}  ${text}`),
    ),
  ];
}

const words = (name: string): string => name.replaceAll('_', ' ');

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((one) => `  ${line(one)}`)];

interface Reason {
  readonly text: string;
  readonly children: readonly Reason[];
}

const tree = ({ text, children }: Reason, depth: number): readonly string[] => [
  `${'  '.repeat(depth)}${line(text)}`,
  ...children.flatMap((child) => tree(child, depth + 1)),
];
