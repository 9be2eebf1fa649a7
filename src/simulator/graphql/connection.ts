import { GraphQLRefusal } from '../errors.ts';

export interface ConnectionArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

const cursorOf = (index: number): string => Buffer.from(`cursor:${index}`).toString('base64');

function indexOf(cursor: string): number {
  const found = /^cursor:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString());
  if (found === null) {
    throw new GraphQLRefusal(
      'INVALID_CURSOR_ARGUMENTS',
      `\`${cursor}\` does not appear to be a valid cursor.`,
    );
  }
  return Number(found[1]);
}

/** A Relay connection with GitHub's rule that a page must be asked for. */
export function connection<T>(
  name: string,
  items: readonly T[],
  args: ConnectionArguments,
  represent: (item: T) => unknown,
  edge: (item: T) => Record<string, unknown> = () => ({}),
) {
  const limit = args.first ?? args.last ?? null;
  if (limit === null) {
    throw new GraphQLRefusal(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  if (limit > 100 || limit < 0) {
    throw new GraphQLRefusal(
      'EXCESSIVE_PAGINATION',
      `Requesting ${limit} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
    );
  }
  const from = typeof args.after === 'string' ? indexOf(args.after) + 1 : 0;
  const to = typeof args.before === 'string' ? indexOf(args.before) : items.length;
  const forward = args.first !== undefined && args.first !== null;
  const start = forward ? from : Math.max(from, to - limit);
  const end = forward ? Math.min(to, from + limit) : to;
  const shown = items.slice(start, end).map((item, offset) => ({ item, index: start + offset }));
  return {
    totalCount: items.length,
    nodes: () => shown.map(({ item }) => represent(item)),
    edges: () =>
      shown.map(({ item, index }) => ({
        cursor: cursorOf(index),
        node: () => represent(item),
        ...edge(item),
      })),
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: shown.length === 0 ? null : cursorOf(start),
      endCursor: shown.length === 0 ? null : cursorOf(end - 1),
    },
  };
}
