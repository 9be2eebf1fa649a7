import type { Result } from '../../domain/result.ts';
import { act, askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';

/** Labels as they should be. Adding one that is there, and removing one that is not, changes nothing and makes no event. */
export async function changeLabels(
  context: RepositoryContext,
  number: number,
  change: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<Result<null>> {
  const item = numbered(context, number);
  return act(
    `labels of ${item}`,
    async () => {
      const { issues } = context.client('discuss');
      if (change.add.length > 0)
        await issues.addLabels({ ...context.at, issue_number: number, labels: [...change.add] });
      for (const name of change.remove) await removeLabel(context, number, name);
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

/** 404: it is not on the item. */
async function removeLabel(
  context: RepositoryContext,
  number: number,
  name: string,
): Promise<void> {
  await askOrNull(`label ${name} of ${numbered(context, number)}`, [404], () =>
    context.client('discuss').issues.removeLabel({ ...context.at, issue_number: number, name }),
  );
}
