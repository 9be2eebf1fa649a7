import { approvalsIn, warning, type RuleFinding } from './finding.ts';
import type { Approval, Rule } from './rules.ts';

const rank = { allow: 0, require_human: 1, deny: 2 } as const;

/** A rule is without effect where stronger rules always apply with it, or where another says the very same. */
export function shadowed(rule: Rule, rules: readonly Rule[]): readonly RuleFinding[] {
  const stronger = rules.filter((other) => rank[other.effect] > rank[rule.effect]);
  const over = coveredBy(rule, stronger);
  if (over !== null) {
    const [one, ...more] = over;
    const named = over.map(({ id, effect }) => `${id} (${effect})`).join(' and ');
    const verb = more.length === 0 && one !== undefined ? 'applies' : 'apply';
    return [
      warning(
        `has no effect: rule ${named} ${verb} wherever it does, and ${more.length === 0 ? 'is' : 'are'} stronger; remove it, or narrow ${more.length === 0 ? 'that one' : 'those'}`,
      ),
    ];
  }
  const before = rules.slice(0, rules.indexOf(rule));
  const same = before.find(
    (other) => other.effect === rule.effect && covers(other, rule) && asksTheSame(other, rule),
  );
  return same === undefined
    ? []
    : [warning(`has no effect: rule ${same.id} says the same wherever it applies; remove one`)];
}

/** The rules that together apply wherever this one does; one alone where one is enough. Null: there are none. */
function coveredBy(rule: Rule, others: readonly Rule[]): readonly Rule[] | null {
  const alone = others.find((other) => covers(other, rule));
  if (alone !== undefined) return [alone];
  const pairs = rule.actions.flatMap((action) =>
    (rule.agents ?? [null]).map((agent) => ({ action, agent })),
  );
  const found = pairs.map(({ action, agent }) =>
    others.find((other) =>
      covers(other, { ...rule, actions: [action], agents: agent === null ? null : [agent] }),
    ),
  );
  const all = found.filter((each) => each !== undefined);
  return all.length < found.length || all.length === 0 ? null : [...new Set(all)];
}

/** Whether `outer` surely applies to all that `inner` applies to. */
function covers(outer: Rule, inner: Rule): boolean {
  const condition =
    outer.when === null || outer.when.constant === true || outer.when.source === inner.when?.source;
  const agents =
    outer.agents === null ||
    ((inner.agents ?? []).length > 0 &&
      (inner.agents ?? []).every((agent) => outer.agents?.includes(agent)));
  return (
    outer.id !== inner.id &&
    condition &&
    agents &&
    inner.actions.every((action) => outer.actions.includes(action))
  );
}

const asksTheSame = (one: Rule, other: Rule): boolean =>
  one.effect !== 'require_human' ||
  (other.effect === 'require_human' &&
    one.expires === other.expires &&
    written(one.approval) === written(other.approval));

/** Alternatives and parts that stand twice beside one another. */
export const repeatedParts = (rule: Rule): readonly RuleFinding[] =>
  approvalsIn(rule).flatMap(({ approval, path }) => {
    if (approval.type === 'requirement') return [];
    const texts = approval.parts.map(written);
    return texts.flatMap((text, index) =>
      texts.indexOf(text) < index
        ? [warning('has the same part twice; remove one', [...path, approval.type, index])]
        : [],
    );
  });

/** An approval as it was written; conditions and patterns by their source, for functions have no text. */
const written = (approval: Approval): string =>
  JSON.stringify(approval, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'source' in value ? value.source : value,
  );
