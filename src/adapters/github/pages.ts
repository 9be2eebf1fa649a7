/**
 * All of a list in pages of a hundred, for the answers that Octokit's own pagination mistakes: those with a list and an
 * address of their own side by side (combined status, comparison).
 */
export async function allPages<Item>(
  fetchPage: (page: number) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let page = 1; ; page += 1) {
    const items = await fetchPage(page);
    all.push(...items);
    if (items.length < 100) return all;
  }
}
