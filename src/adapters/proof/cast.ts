import {
  permissions,
  type From,
  type PolicySet,
  type Requirement,
  type Way,
} from '../../domain/policy/rules.ts';
import type { Hearing } from './approval.ts';
import {
  asksOwners,
  flattened,
  holdsWherever,
  implied,
  liftsWherever,
  type Roles,
} from './requirements.ts';
import type { Workbench } from './situation.ts';
import { and, implies, no, not, or, sum, yes, type Term } from './term.ts';

/** The names of what the model says of a person; `who` is a number, or `objector`. */
export const person = {
  permission: (who: Who) => `person[${who}].permission`,
  member: (who: Who, group: string) => `person[${who}].in[${group}]`,
  is: (who: Who, login: string) => `person[${who}].is[${login}]`,
  author: (who: Who) => `person[${who}].author`,
  contributor: (who: Who) => `person[${who}].contributor`,
  /** Whether they own what is changed, each file of it. */
  owns: (who: Who) => `person[${who}].owns`,
  before: (who: Who, step: string) => `person[${who}].before[${step}]`,
  act: (who: Who, way: Way) => `person[${who}].${way}`,
  /** Whether the act was on the head that is in force. */
  fresh: (who: Who, way: Way) => `person[${who}].${way}.fresh`,
  edited: (who: Who) => `person[${who}].command.edited`,
  /** Milliseconds. */
  age: (who: Who, way: Way) => `person[${who}].${way}.age`,
  /** What the push since was, where it was not. */
  rebased: (who: Who, way: Way) => `person[${who}].${way}.rebased`,
  merged: (who: Who, way: Way) => `person[${who}].${way}.merged`,
  within: (who: Who, way: Way, paths: string) => `person[${who}].${way}.within[${paths}]`,
};
export type Who = number | 'objector';

const atLeast = (term: Term, permission: (typeof permissions)[number]) =>
  `(>= ${term} ${permissions.indexOf(permission)})`;

export interface Casting {
  readonly size: number;
  /** Whether an objection is heard as well. */
  readonly objects: boolean;
  /**
   * Whether each changed file is taken to have the same owners. That finds counterexamples, and proves nothing of changes whose
   * files belong to different people; there, what owners have approved may be anything.
   */
  readonly sameOwners: boolean;
}

/** People in the model, as many as it takes, with whatever they may be and do. */
export class Cast {
  private readonly bench: Workbench;
  private readonly size: number;
  private readonly objects: boolean;
  private readonly sameOwners: boolean;
  private readonly logins = new Set<string>();
  private readonly lifts = new Map<string, Requirement>();
  private readonly covers = new Map<string, Requirement>();
  /** Names of truths that are not followed: whether an objection was lifted, whether owners have approved. */
  readonly free: string[] = [];

  constructor(bench: Workbench, { size, objects, sameOwners }: Casting) {
    this.bench = bench;
    this.size = size;
    this.objects = objects;
    this.sameOwners = sameOwners;
  }

  hear(requirement: Requirement, { roles }: PolicySet): Hearing {
    const blocked = this.objects ? this.blocked(requirement, roles) : no;
    const counted = this.people.map((who) => this.counts(requirement, roles, who));
    const writers = counted.map((term, who) => and([term, atLeast(this.permission(who), 'write')]));
    const those = { holds: enough(counted, requirement.count), writer: or(writers) };
    const asked = !this.sameOwners && asksOwners(requirement.from, roles);
    const { holds, writer } = asked ? this.withOwners(requirement, roles, those) : those;
    return { holds: and([holds, not(blocked)]), blocked, writer };
  }

  /** One person has one login, and one login one person; so with the author. */
  laws(): Term {
    const once = (terms: readonly Term[]) =>
      and(
        terms.flatMap((one, index) =>
          terms.slice(index + 1).map((other) => not(and([one, other]))),
        ),
      );
    const everybody: readonly Who[] = [
      ...this.people,
      ...(this.objects ? (['objector'] as const) : []),
    ];
    const isLogin = (who: Who, login: string) => this.truth(person.is(who, login));
    return and([
      ...implied(this.lifts, liftsWherever, (name) => this.truth(name)),
      ...implied(this.covers, holdsWherever, (name) => this.truth(name)),
      this.owning(everybody),
      once(everybody.map((who) => this.truth(person.author(who)))),
      ...[...this.logins].map((login) => once(everybody.map((who) => isLogin(who, login)))),
      ...everybody.map((who) => once([...this.logins].map((login) => isLogin(who, login)))),
      ...everybody.map((who) =>
        and([`(>= ${this.permission(who)} 0)`, `(<= ${this.permission(who)} 5)`]),
      ),
    ]);
  }

  private get people(): readonly number[] {
    return Array.from({ length: this.size }, (_, index) => index);
  }

  private truth(name: string): Term {
    return this.bench.request.variable(name, 'Bool');
  }

  private permission(who: Who): Term {
    return this.bench.request.variable(person.permission(who), 'Int');
  }

  /** Without a head or a plan there is nothing to approve. */
  private get subject(): Term {
    const { request } = this.bench;
    const plan = and([
      not(request.isNull('issue', 'nullable')),
      not(request.isNull('issue.plan', 'nullable')),
    ]);
    return this.bench.kind === 'plan.adopt'
      ? plan
      : or([not(request.isNull('pull_request', 'nullable')), plan]);
  }

  private counts(requirement: Requirement, roles: Roles, who: number): Term {
    const author = this.truth(person.author(who));
    const contributed = and([this.truth(person.contributor(who)), not(author)]);
    return and([
      this.subject,
      this.named(requirement.from, roles, who),
      requirement.author ? yes : not(author),
      requirement.contributors ? yes : not(contributed),
      this.separate(requirement, who),
      or(requirement.by.map((way) => this.acted(requirement, who, way))),
    ]);
  }

  private named(from: From, roles: Roles, who: Who): Term {
    const users = (from.users ?? []).map((login) => login.toLowerCase());
    for (const login of users) this.logins.add(login);
    const groups = [...(from.teams ?? []), ...(from.organizations ?? [])];
    return or([
      ...users.map((login) => this.truth(person.is(who, login))),
      ...groups.map((group) => this.truth(person.member(who, group.toLowerCase()))),
      from.permission === undefined ? no : atLeast(this.permission(who), from.permission),
      from.codeowners === true && this.sameOwners ? this.truth(person.owns(who)) : no,
      ...(from.roles ?? []).map((name) => this.named(roles.get(name) ?? {}, new Map(), who)),
    ]);
  }

  /** Who owns a changed file owns one that is there. */
  private owning(everybody: readonly Who[]): Term {
    if (!this.sameOwners) return yes;
    const { request } = this.bench;
    const owned = or(everybody.map((who) => this.truth(person.owns(who))));
    const changed = `(> ${request.list('pull_request.files').length} 0)`;
    return implies(owned, and([not(request.isNull('pull_request', 'nullable')), changed]));
  }

  private separate({ notBy }: Requirement, who: number): Term {
    if (notBy.length === 0) return yes;
    const known = not(this.bench.request.isNull('prior_approvals', 'nullable'));
    return and([known, ...notBy.map((step) => not(this.truth(person.before(who, step))))]);
  }

  private acted(requirement: Requirement, who: number, way: Way): Term {
    const { survives, validFor } = requirement;
    const paths = survives.paths
      .map(({ source }) => source)
      .sort()
      .join(' ')
      .replaceAll(unwritable, '/');
    const stands = or([
      this.truth(person.fresh(who, way)),
      survives.rebase ? this.truth(person.rebased(who, way)) : no,
      survives.updateMerge ? this.truth(person.merged(who, way)) : no,
      paths === '' ? no : this.truth(person.within(who, way, paths)),
    ]);
    const age = this.bench.request.variable(person.age(who, way), 'Int');
    this.bench.request.law(`(>= ${age} 0)`);
    return and([
      this.truth(person.act(who, way)),
      stands,
      validFor === null ? yes : `(< ${age} ${validFor})`,
      way === 'command' && !requirement.edited ? not(this.truth(person.edited(who))) : yes,
    ]);
  }

  /** Whether the objector's word is heard here. What lifts it is not followed, but what lifts one lifts no less easily another. */
  private blocked(requirement: Requirement, roles: Roles): Term {
    const { author, contributors, edited, survives, notBy } = requirement;
    const from = flattened(requirement.from, roles);
    const alike = JSON.stringify({ from, author, contributors, edited, survives, notBy });
    const name = this.freed(`lifted[${written(alike)}]`);
    this.lifts.set(name, { ...requirement, from });
    const owns =
      from.codeowners === true && !this.sameOwners ? this.truth(this.freed('objector owns')) : no;
    return and([or([this.named(from, roles, 'objector'), owns]), not(this.truth(name))]);
  }

  /** Those who count whoever owns the files count for each of them; what owners have approved besides may be anything. */
  private withOwners(
    requirement: Requirement,
    roles: Roles,
    those: Pick<Hearing, 'holds' | 'writer'>,
  ): Pick<Hearing, 'holds' | 'writer'> {
    const from = flattened(requirement.from, roles);
    const alike = written(JSON.stringify({ ...requirement, from, step: '', when: null }));
    const [holds, writer] = [`owners[${alike}]`, `owners[${alike}].writer`];
    if (requirement.count > 0) this.covers.set(holds, { ...requirement, from });
    this.covers.set(writer, { ...requirement, from, count: 0 });
    return {
      holds: or([those.holds, this.truth(this.freed(holds))]),
      writer: or([those.writer, this.truth(this.freed(writer))]),
    };
  }

  private freed(name: string): string {
    if (!this.free.includes(name)) this.free.push(name);
    return name;
  }
}

const enough = (counted: readonly Term[], count: number): Term => {
  if (count === 0) return yes;
  if (counted.length < count) return no;
  return count === 1
    ? or(counted)
    : `(>= ${sum(counted.map((term) => `(ite ${term} 1 0)`))} ${count})`;
};

/** What a symbol cannot hold. */
const unwritable = /[|\\]/g;
const written = (text: string) => text.replaceAll(unwritable, '/');

/** The law that nobody lifted anything, under which a counterexample is looked for first. */
export const nothingLifted = (bench: Workbench, cast: Cast): Term =>
  and(
    cast.free
      .filter((name) => name.startsWith('lifted'))
      .map((name) => implies(yes, not(bench.request.variable(name, 'Bool')))),
  );
