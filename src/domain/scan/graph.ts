/** Node → nodes it leads to; a node without an entry of its own leads nowhere. */
export type Graph = ReadonlyMap<string, readonly string[]>;

/**
 * Each knot of nodes that reach one another, as one of its shortest ways round: `a, b` for a → b → a. A node that leads to itself is
 * a way round of one. Tarjan's components, without recursion: a stranger's graph may be deep.
 */
export function cyclesOf(graph: Graph): readonly (readonly string[])[] {
  return componentsOf(graph)
    .filter(
      ([first = '', second]) => second !== undefined || (graph.get(first) ?? []).includes(first),
    )
    .map((component) => shortestWayRound(graph, component))
    .toSorted((a, b) => a.length - b.length || (a[0] ?? '').localeCompare(b[0] ?? ''));
}

interface Visit {
  readonly node: string;
  next: number;
}

function componentsOf(graph: Graph): readonly (readonly string[])[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const components: string[][] = [];

  const enter = (node: string): Visit => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    open.push(node);
    isOpen.add(node);
    return { node, next: 0 };
  };
  const lower = (node: string, value: number) =>
    low.set(node, Math.min(low.get(node) ?? value, value));

  for (const start of graph.keys()) {
    if (order.has(start)) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { node } = visit;
      const target = (graph.get(node) ?? [])[visit.next];
      visit.next += 1;
      if (target !== undefined) {
        const seen = order.get(target);
        if (seen === undefined) visits.push(enter(target));
        else if (isOpen.has(target)) lower(node, seen);
        continue;
      }
      visits.pop();
      const parent = visits.at(-1)?.node;
      if (parent !== undefined) lower(parent, low.get(node) ?? 0);
      if (low.get(node) !== order.get(node)) continue;
      const component = open.splice(open.lastIndexOf(node));
      for (const member of component) isOpen.delete(member);
      components.push(component);
    }
  }
  return components;
}

function shortestWayRound(graph: Graph, component: readonly string[]): readonly string[] {
  const members = new Set(component);
  const start = component.toSorted()[0] ?? '';
  const from = new Map<string, string>();
  const queue = [start];
  for (let at = 0; at < queue.length; at += 1) {
    const node = queue[at] ?? '';
    for (const target of graph.get(node) ?? []) {
      if (target === start) return wayTo(node, start, from);
      if (!members.has(target) || from.has(target)) continue;
      from.set(target, node);
      queue.push(target);
    }
  }
  return component;
}

function wayTo(last: string, start: string, from: ReadonlyMap<string, string>): string[] {
  const way = [last];
  for (let node = last; node !== start;) {
    node = from.get(node) ?? start;
    way.unshift(node);
  }
  return way;
}
