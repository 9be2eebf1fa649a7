import type { Fold } from './language.ts';
import type { Term } from './term.ts';

/** An expression's value in the model. `error`: its evaluation fails; `null`: it is null. Of the rest, what is true if neither. */
export type Value =
  | (Known & { readonly kind: 'bool'; readonly term: Term })
  | (Known & { readonly kind: 'int' | 'real'; readonly term: Term })
  | (Known & Text)
  | (Known & { readonly kind: 'null' })
  | (Known & { readonly kind: 'object'; readonly type: string; readonly path: string })
  | (Known & { readonly kind: 'map'; readonly type: string; readonly path: string })
  | (Known & List)
  | (Known & { readonly kind: 'literals'; readonly members: readonly Value[] });

interface Known {
  readonly error: Term;
  readonly null: Term;
}

/** A text of the request, its case changed or not; or one that is known. */
export interface Text {
  readonly kind: 'string';
  readonly fold: Fold;
  readonly at: { readonly path: string } | { readonly literal: string };
}

/** A list of the request, or one filtered or mapped from it. */
export interface List {
  readonly kind: 'list';
  readonly path: string;
  readonly length: Term;
  readonly members: readonly Member[];
}

export interface Member {
  /** By which the member is told from others. */
  readonly id: string;
  readonly present: Term;
  readonly value: Value;
}

/** A truth with its third state. */
export interface Truth {
  readonly holds: Term;
  readonly error: Term;
}
