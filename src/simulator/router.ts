import type { Route } from './rest/request.ts';

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
  /** How many segments are literal: more of them win. */
  readonly weight: number;
}

export class Router {
  readonly #byMethod = new Map<string, Compiled[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const list = this.#byMethod.get(route.method) ?? [];
      list.push(compile(route));
      this.#byMethod.set(route.method, list);
    }
    for (const list of this.#byMethod.values()) list.sort((a, b) => b.weight - a.weight);
  }

  match(method: string, path: string): { route: Route; params: Record<string, string> } | null {
    for (const { route, pattern } of this.#byMethod.get(method) ?? []) {
      const found = pattern.exec(path);
      if (found === null) continue;
      const entries = Object.entries(found.groups ?? {});
      const params = entries.map(([name, value]) => [name, decode(value)] as const);
      return { route, params: Object.fromEntries(params) };
    }
    return null;
  }
}

function compile(route: Route): Compiled {
  const pattern = route.template
    .replace(/[.*?^$()|[\]\\]/g, String.raw`\$&`)
    .replace(/\{(\w+)\+\}/g, '(?<$1>.+)')
    .replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const literal = route.template.split('/').filter((part) => part !== '' && !part.includes('{'));
  return { route, pattern: new RegExp(`^${pattern}$`), weight: literal.length };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
