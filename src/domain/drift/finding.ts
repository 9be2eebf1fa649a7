export const driftKinds = ['roadmap', 'docs', 'diagram'] as const;

/** A place where what is written and what is there say different things. */
export interface DriftFinding {
  readonly kind: (typeof driftKinds)[number];
  readonly path: string;
  /** Null: it is about what stands nowhere in it. */
  readonly line: number | null;
  /** Who wrote the document wrote parts of it. */
  readonly text: string;
}

/** The same finding, wherever its line has moved to. */
export const sameFinding = ({ kind, path, text }: Omit<DriftFinding, 'line'>): string =>
  `${kind} ${path} ${text}`;

/** In the order of the places, each said once. */
export function inOrder(findings: readonly DriftFinding[]): readonly DriftFinding[] {
  const said = new Set<string>();
  return findings
    .filter((finding) => {
      const key = sameFinding(finding);
      return !said.has(key) && said.add(key).has(key);
    })
    .toSorted((a, b) => compare(a.path, b.path) || (a.line ?? Infinity) - (b.line ?? Infinity));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
