import type { Command } from 'commander';
import { switchOf } from '../remote/bodies.ts';
import { agentNames } from '../../../domain/work-item/state.ts';
import { exitCode, type Cli } from '../command.ts';
import { answering, line, refusal, refused, type Told } from '../remote/answering.ts';
import { askService, field } from '../remote/ask.ts';
import { remoteFrom, UsageError, type Remote, type RemoteOptions } from '../remote/remote.ts';
import { remoteOptions } from '../remote/options.ts';

interface Options extends RemoteOptions {
  readonly all?: boolean;
}

/** `halt`, `resume`, `enable`, `disable`: the switch, moved through the service as the human whose token it is. */
export function switchCommands(program: Command, cli: Cli): void {
  for (const [verb, what] of [
    ['halt', 'Stops everything: no effect begins after it. Takes write permission'],
    ['resume', 'Lets it go on. Takes maintain permission, or whom policy names'],
  ] as const) {
    remoteOptions(program.command(`${verb} [reason...]`).description(what))
      .option('--all', 'in every repository of the service that you may read')
      .addHelpText('after', examples(`${verb} the reviewer praises everything`))
      .action(async (reason: readonly string[], options: Options) => {
        cli.end(
          await answering(cli.terminal, options.json, async () =>
            move(await remoteFrom(process.env, options), `/${verb}`, reason, options),
          ),
        );
      });
  }
  for (const [verb, what] of [
    ['enable', 'Switches an agent on. Takes maintain permission, or whom policy names'],
    ['disable', 'Switches an agent off: it begins nothing. Takes write permission'],
  ] as const) {
    remoteOptions(program.command(`${verb} <agent> [reason...]`).description(what))
      .addHelpText('after', examples(`${verb} reviewer it praises everything`))
      .action(async (agent: string, reason: readonly string[], options: RemoteOptions) => {
        cli.end(
          await answering(cli.terminal, options.json, async () => {
            const known = agentNames.find((name) => name === agent);
            if (known === undefined) {
              throw new UsageError(`agents are ${agentNames.join(', ')}`);
            }
            const remote = await remoteFrom(process.env, options);
            return move(remote, `/agents/${known}/${verb}`, reason, {});
          }),
        );
      });
  }
}

const examples = (example: string): string => `
Examples:
  ASSENT_URL=https://assent.example GITHUB_TOKEN=… assent ${example}
  assent ${example.split(' ').slice(0, 2).join(' ')} --service http://127.0.0.1:3000 --repository acme/widgets --json

Exit: 0 done, or so already · 1 you have not the right · 2 wrong usage, or no person's token · 3 noted, and more people have to ask ·
4 cannot tell.`;

const move = async (
  remote: Remote,
  path: string,
  reason: readonly string[],
  { all = false }: Options,
): Promise<Told> => (all ? moveAll(remote, path, reason) : moveOne(remote, path, reason));

async function moveOne(remote: Remote, path: string, reason: readonly string[]): Promise<Told> {
  const body = reason.length === 0 ? {} : { reason: reason.join(' ') };
  const answer = await askService(
    remote,
    'POST',
    `/repositories/${remote.repository}${path}`,
    body,
  );
  if (answer.status >= 300) return refusal(answer);
  const end = field(answer.body, 'end');
  const text = String(field(answer.body, 'text'));
  const now = switchOf(field(answer.body, 'switch'));
  return {
    code:
      end === 'requested'
        ? exitCode.waiting
        : answer.status === 202
          ? exitCode.inconclusive
          : exitCode.done,
    document: answer.body,
    lines: [line(`${remote.repository}: ${text}`), ...now.map((one) => `  ${one}`)],
  };
}

async function moveAll(remote: Remote, path: string, reason: readonly string[]): Promise<Told> {
  const listed = await askService(remote, 'GET', '/repositories');
  if (listed.status >= 300) return refusal(listed);
  const found = field(listed.body, 'repositories');
  const names = (Array.isArray(found) ? found : []).map((one) => String(field(one, 'full_name')));
  if (names.length === 0)
    return refused(exitCode.fault, 'none', 'there is no repository that you may read');
  const each: Told[] = [];
  for (const repository of names) each.push(await moveOne({ ...remote, repository }, path, reason));
  return {
    // The worst of them: a halt that did not reach one repository is no halt of all.
    code:
      [exitCode.inconclusive, exitCode.fault, exitCode.usage, exitCode.waiting].find((code) =>
        each.some((one) => one.code === code),
      ) ?? exitCode.done,
    document: {
      repositories: names.map((full_name, index) => ({ full_name, answer: each[index]?.document })),
    },
    lines: each.flatMap(({ lines }, index) =>
      each[index]?.code === exitCode.done ? lines : [`${names[index]}: ${lines.join('; ')}`],
    ),
  };
}
