import type { Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import type { CheckFacts, CheckReport } from '../../ports/code-host.ts';
import { act, ask, askOrNull } from './call.ts';
import type { Client } from './client.ts';
import type { RepositoryContext } from './context.ts';
import { allPages } from './pages.ts';

/** Of our check run, as CONTRACTS.md has it. */
export const CHECK_NAME = 'assent';

/** Check runs, and commit statuses, which are older and belong to no App (`app_id` null). */
export async function checks(
  context: RepositoryContext,
  sha: string,
): Promise<readonly CheckFacts[]> {
  const client = context.client('observe');
  const at = { ...context.at, ref: sha, per_page: 100 };
  const [runs, statuses] = await ask(`checks of ${context.ref.full_name}@${sha}`, () =>
    Promise.all([
      client.paginate(client.checks.listForRef, at),
      allPages(
        async (page) => (await client.repos.getCombinedStatusForRef({ ...at, page })).data.statuses,
      ),
    ]),
  );
  return [
    ...runs.map((run) => ({
      name: run.name,
      app_id: run.app?.id ?? null,
      conclusion: run.conclusion,
    })),
    ...statuses.map((status) => ({
      name: status.context,
      app_id: null,
      conclusion: status.state === 'pending' ? null : status.state,
    })),
  ];
}

/** Ids of our runs by head and `external_id`. A run cannot be deleted, so what is remembered is there. */
export type RememberedChecks = Map<string, number>;

/** Written once for a head and `external_id`, then changed in place. */
export async function reportCheck(
  context: RepositoryContext,
  remembered: RememberedChecks,
  report: CheckReport,
): Promise<Result<{ readonly id: number }>> {
  const operation = `check ${report.external_id} on ${context.ref.full_name}@${report.head}`;
  const key = `${report.head} ${report.external_id}`;
  const said = whatToSay(report);
  const known = remembered.get(key);
  const ours = known === undefined ? await findOurs(context, operation, report) : null;
  if (ours !== null) remembered.set(key, ours.id);
  if (ours !== null && alreadySays(ours, said)) return ok({ id: ours.id });
  const id = known ?? ours?.id;
  const written = await act(
    operation,
    async () => {
      const { checks } = context.client('report');
      const { data } = await (id === undefined
        ? checks.create({ ...context.at, ...said, name: CHECK_NAME, head_sha: report.head })
        : checks.update({ ...context.at, ...said, check_run_id: id }));
      return { id: data.id };
    },
    (status, message) =>
      status === 422 || status === 404
        ? { code: 'check.refused', message: `GitHub refused the ${operation}: ${message}` }
        : null,
  );
  // A refused run is looked for again: what is remembered of it may be what is wrong.
  if (written.ok) remembered.set(key, written.value.id);
  else remembered.delete(key);
  return written;
}

type CheckRun = Awaited<ReturnType<Client['checks']['get']>>['data'];
type Said = ReturnType<typeof whatToSay>;

async function findOurs(
  context: RepositoryContext,
  operation: string,
  report: CheckReport,
): Promise<CheckRun | null> {
  const { app_id: appId } = await context.identity();
  const client = context.client('observe');
  // 422: no such commit. Creating the run is refused for the same reason, and says so.
  const runs = await askOrNull(operation, [404, 422], () =>
    client.paginate(client.checks.listForRef, {
      ...context.at,
      ref: report.head,
      check_name: CHECK_NAME,
      filter: 'all',
      per_page: 100,
    }),
  );
  const ours = (runs ?? []).filter(
    (run) => run.app?.id === appId && run.external_id === report.external_id,
  );
  return ours.toSorted((a, b) => a.id - b.id)[0] ?? null;
}

function whatToSay(report: CheckReport) {
  const output = { title: clip(report.title, 255), summary: clip(report.summary, 65_000) };
  // A conclusion makes a run completed, whatever the status says beside it.
  return report.status === 'completed' && report.conclusion !== null
    ? {
        external_id: report.external_id,
        status: 'completed' as const,
        conclusion: report.conclusion,
        output,
      }
    : { external_id: report.external_id, status: 'in_progress' as const, output };
}

const alreadySays = (run: CheckRun, said: Said): boolean =>
  run.status === said.status &&
  run.conclusion === ('conclusion' in said ? said.conclusion : null) &&
  run.output.title === said.output.title &&
  run.output.summary === said.output.summary;

/** GitHub refuses longer texts altogether. */
const clip = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
