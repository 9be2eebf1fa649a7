import type { Result } from '../../domain/result.ts';
import { act, askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';

/** Labels as they should be; what is so already is left alone, so that no event says it twice. */
export async function changeLabels(
  context: RepositoryContext,
  number: number,
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<Result<null>> {
  const item = numbered(context, number);
  return act(
    `labels of ${item}`,
    async () => {
      const current = await namesOf(context, number);
      const missing = change.add.filter((name) => !current.has(name.toLowerCase()));
      const { issues } = context.client('discuss');
      if (missing.length > 0)
        await issues.addLabels({ ...context.at, issue_number: number, labels: [...missing] });
      for (const name of change.remove)
        if (current.has(name.toLowerCase())) await removeLabel(context, number, name);
      return null;
    },
    (status, message) => {
      if (status === 404 || status === 410)
        return { code: 'labels.no_item', message: `There is no ${item} to label.` };
      if (status === 422)
        return { code: 'labels.refused', message: `GitHub refused labels of ${item}: ${message}` };
      return null;
    },
  );
}

/** GitHub holds labels apart without regard to case. */
async function namesOf(context: RepositoryContext, number: number): Promise<ReadonlySet<string>> {
  const client = context.client('observe');
  const { data } = await client.issues.listLabelsOnIssue({
    ...context.at,
    issue_number: number,
    per_page: 100,
  });
  return new Set(data.map(({ name }) => name.toLowerCase()));
}

/** 404: somebody was quicker. */
async function removeLabel(
  context: RepositoryContext,
  number: number,
  name: string,
): Promise<void> {
  await askOrNull(`label ${name} of ${numbered(context, number)}`, [404], () =>
    context.client('discuss').issues.removeLabel({ ...context.at, issue_number: number, name }),
  );
}
