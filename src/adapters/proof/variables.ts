import { holding, type Language } from './language.ts';
import { and, implies, integer, no, not, sum, symbol, yes, type Term } from './term.ts';
import { Texts } from './texts.ts';
import { Unmodelled } from './unmodelled.ts';

/** The types of a request as conditions see them: fields by type, and the type of each name. */
export interface FactTypes {
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly names: Readonly<Record<string, string>>;
}

export type Sort = 'Bool' | 'Int' | 'Real';

/** What a list is known by: its length, and some of its members that stand for whichever matter. */
export interface SymbolicList {
  readonly length: Term;
  readonly members: readonly { readonly path: string; readonly present: Term }[];
}

/** The most members that stand for a list. */
const maxMembers = 40;

/** Fields that every request has, and that are never null. Whatever is not named here may be missing or null. */
const certain: Readonly<Record<string, readonly string[]>> = {
  Repository: ['full_name', 'default_branch'],
  Action: ['kind'],
  Actor: ['id', 'login', 'type'],
  File: ['path', 'status', 'additions', 'deletions'],
  Commit: ['sha', 'parents'],
  Check: ['name', 'app_id'],
  Push: ['head', 'at', 'rewritten'],
  PullRequest: [
    'number',
    'head',
    'base',
    'branch',
    'title',
    'body',
    'draft',
    'labels',
    'files',
    'commits',
    'checks',
  ],
  Plan: ['digest', 'published_at'],
  Issue: ['number', 'title', 'body', 'labels', 'state'],
  Review: ['id', 'state', 'at', 'body'],
  Label: ['name', 'action', 'at'],
  Comment: ['id', 'body', 'at'],
  Evidence: ['reviews', 'labels', 'comments'],
  Person: ['permission', 'teams', 'organizations'],
  Control: ['halted', 'disabled_agents'],
  Count: ['agent', 'action', 'hour', 'day'],
  MadeWith: ['agent', 'tools', 'tier'],
  Usage: ['tokens_today', 'usd_today', 'counts'],
};

/** Fields that are there, and may be null. */
const nullable: Readonly<Record<string, readonly string[]>> = {
  Action: ['agent', 'item'],
  Commit: ['author', 'committer', 'pushed_at'],
  Check: ['conclusion'],
  Push: ['diff_hash', 'paths'],
  PullRequest: ['author'],
  Issue: ['author', 'plan'],
  Review: ['user', 'commit', 'edited_at'],
  Label: ['user'],
  Comment: ['user', 'edited_at'],
};
const certainNames = ['at', 'repository', 'action', 'evidence', 'people', 'control', 'usage'];

const amounts = new Set(['additions', 'deletions', 'hour', 'day', 'tokens_today', 'usd_today']);
const nonEmpty = new Set([
  'path',
  'sha',
  'head',
  'login',
  'full_name',
  'default_branch',
  'kind',
  'digest',
]);

export type Presence = 'certain' | 'nullable' | 'uncertain';

export function presenceOf(type: string | null, field: string): Presence {
  // A name that a request leaves out is null where conditions are evaluated.
  if (type === null) return certainNames.includes(field) ? 'certain' : 'nullable';
  if (certain[type]?.includes(field) === true) return 'certain';
  return nullable[type]?.includes(field) === true ? 'nullable' : 'uncertain';
}

/**
 * A request nobody has made yet: a variable for each fact that somebody asks about, under its path (`pull_request.title`), and
 * what is true of it in every request. `capacity` says how many members stand for a list; `used` how many were asked for.
 */
export class SymbolicRequest {
  readonly used = new Map<string, number>();
  readonly texts = new Texts();
  private readonly sorts = new Map<string, Sort>();
  private readonly laws = new Set<Term>();
  private readonly lists = new Map<string, SymbolicList>();
  private readonly capacity: ReadonlyMap<string, number>;

  constructor(capacity: ReadonlyMap<string, number>) {
    this.capacity = capacity;
  }

  variable(path: string, sort: Sort): Term {
    if (/[|\\]/.test(path)) throw new Unmodelled(path);
    if (!this.sorts.has(path)) {
      this.sorts.set(path, sort);
      this.bound(path, sort);
    }
    return symbol(path);
  }

  law(term: Term): void {
    this.laws.add(term);
  }

  /** Whether the text at a path is in a language. */
  text(path: string, language: Language): Term {
    if (/[|\\]/.test(path)) throw new Unmodelled(path);
    const name = /(\w+)$/.exec(path)?.[1] ?? '';
    const filled = nonEmpty.has(name) ? this.texts.ask(path, holding('is', '', 'none')) : null;
    if (filled !== null) this.law(not(symbol(filled)));
    return symbol(this.texts.ask(path, language));
  }

  sameText(one: string, other: string): Term {
    return one === other ? yes : symbol(this.texts.compare(one, other));
  }

  textLength(path: string): Term {
    return this.variable(this.texts.measure(path), 'Int');
  }

  isNull(path: string, presence: Presence): Term {
    return presence === 'certain' ? no : this.variable(`${path}?null`, 'Bool');
  }

  isAbsent(path: string, presence: Presence): Term {
    return presence === 'uncertain' ? this.variable(`${path}?absent`, 'Bool') : no;
  }

  /** Says that one more statement is made of a list, which one more member may have to witness. */
  use(path: string): void {
    this.used.set(path, (this.used.get(path) ?? 0) + 1);
  }

  list(path: string): SymbolicList {
    const known = this.lists.get(path);
    if (known !== undefined) return known;
    // One more than there are statements: a list that is not empty has a member, though nobody speaks of it.
    const count = (this.capacity.get(path) ?? 1) + 1;
    if (count > maxMembers) throw new Unmodelled(`so many statements about ${path}`);
    const length = this.variable(`${path}#`, 'Int');
    const members = Array.from({ length: count }, (_, index) => ({
      path: `${path}[${index}]`,
      present: this.variable(`${path}[${index}]?`, 'Bool'),
    }));
    const present = members.map((member) => member.present);
    this.law(`(>= ${length} ${sum(present.map((term) => `(ite ${term} 1 0)`))})`);
    this.law(implies(`(> ${length} 0)`, present[0] ?? no));
    present.slice(1).forEach((term, index) => this.law(implies(term, present[index] ?? no)));
    const made = { length, members };
    this.lists.set(path, made);
    return made;
  }

  /** Declarations and laws, as a script. */
  script(): string {
    const texts = this.texts.laws();
    return [
      ...texts.names.map((name) => `(declare-const ${symbol(name)} Bool)`),
      ...[...this.sorts].map(([path, sort]) => `(declare-const ${symbol(path)} ${sort})`),
      ...[...this.laws, ...texts.terms].map((term) => `(assert ${term})`),
    ].join('\n');
  }

  /** What the schema of requests says of a value. */
  private bound(path: string, sort: Sort): void {
    const name = /(\w+)$/.exec(path)?.[1] ?? '';
    const term = symbol(path);
    if (sort === 'Real') this.law(`(>= ${term} 0.0)`);
    if (sort !== 'Int') return;
    const least = amounts.has(name) || path.endsWith('#') ? 0 : Number.MIN_SAFE_INTEGER;
    this.law(
      and([`(>= ${term} ${integer(least)})`, `(<= ${term} ${integer(Number.MAX_SAFE_INTEGER)})`]),
    );
  }
}
