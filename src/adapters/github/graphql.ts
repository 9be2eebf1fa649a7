import { ask } from './call.ts';
import { CodeHostFault } from './fault.ts';

export interface Connection<Node> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly (Node | null)[] | null;
}

/** All nodes of a connection, page after page. */
export async function allNodes<Node>(
  operation: string,
  fetchPage: (after: string | null) => Promise<Connection<Node> | null | undefined>,
): Promise<readonly Node[]> {
  const nodes: Node[] = [];
  let after: string | null = null;
  do {
    const cursor: string | null = after;
    const page: Connection<Node> | null | undefined = await ask(operation, () => fetchPage(cursor));
    // Without this, what GitHub would not show would look like what is not there.
    if (page === null || page === undefined)
      throw new CodeHostFault(operation, new Error('the answer holds no such list'));
    nodes.push(...(page.nodes ?? []).filter((node) => node !== null));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return nodes;
}
