import { isFailing } from '../../domain/failing-checks.ts';
import type { CheckAnnotation, CheckFailure } from '../../ports/code-host.ts';
import { ask } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { allPages } from './pages.ts';

const MOST = 10;
const MOST_ANNOTATIONS = 50;

/** Check runs of others with what they wrote, and commit statuses with their one line. */
export async function failures(
  context: RepositoryContext,
  sha: string,
): Promise<readonly CheckFailure[]> {
  const client = context.client('observe');
  const at = { ...context.at, ref: sha, per_page: 100 };
  const operation = `failed checks of ${context.ref.full_name}@${sha}`;
  const { app_id: ours } = await context.identity();
  const [runs, statuses] = await ask(operation, () =>
    Promise.all([
      client.paginate(client.checks.listForRef, at),
      allPages(
        async (page) => (await client.repos.getCombinedStatusForRef({ ...at, page })).data.statuses,
      ),
    ]),
  );
  const failed = runs.filter((run) => isFailing(run) && run.app?.id !== ours).slice(0, MOST);
  const told = await Promise.all(
    failed.map(async ({ id, name, conclusion, output }) => ({
      name,
      conclusion: conclusion ?? '',
      title: output.title,
      summary: output.summary,
      text: output.text,
      annotations: output.annotations_count === 0 ? [] : await annotations(context, id),
    })),
  );
  const said = statuses
    .filter(({ state }) => isFailing({ conclusion: state }))
    .map(({ context: name, state, description }) => ({
      name,
      conclusion: state,
      title: description,
      summary: null,
      text: null,
      annotations: [],
    }));
  return [...told, ...said].slice(0, MOST);
}

async function annotations(
  context: RepositoryContext,
  run: number,
): Promise<readonly CheckAnnotation[]> {
  const client = context.client('observe');
  const { data } = await ask(`annotations of check run ${run} in ${context.ref.full_name}`, () =>
    client.checks.listAnnotations({
      ...context.at,
      check_run_id: run,
      per_page: MOST_ANNOTATIONS,
    }),
  );
  return data.map(({ path, start_line: line, annotation_level: level, message }) => ({
    path,
    line,
    level: level ?? 'notice',
    message: message ?? '',
  }));
}
