/** What requests to GitHub the service made, in all and for each item. */
export interface Count {
  readonly requests: number;
  readonly content_created: number;
}

const none: Count = { requests: 0, content_created: 0 };

export class Counting {
  #total: Count = none;
  readonly #items = new Map<string, Count>();
  readonly #routes = new Map<string, number>();

  request(
    observation: {
      readonly method: string;
      readonly route: string;
      readonly content_created: boolean;
    },
    item: string | null,
  ): void {
    const content = observation.content_created ? 1 : 0;
    this.#total = add(this.#total, content);
    if (item !== null) this.#items.set(item, add(this.#items.get(item) ?? none, content));
    const route = `${observation.method} ${observation.route}`;
    this.#routes.set(route, (this.#routes.get(route) ?? 0) + 1);
  }

  get total(): Count {
    return this.#total;
  }

  /** Most requests first. */
  get routes(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#routes].sort(([, a], [, b]) => b - a));
  }

  item(id: string): Count {
    return this.#items.get(id) ?? none;
  }
}

const add = ({ requests, content_created }: Count, content: number): Count => ({
  requests: requests + 1,
  content_created: content_created + content,
});
