import { family, netlinkRoute, newNamespaces, newTimeNamespace } from '../bubblewrap/filter.ts';
import { absent, forbidden } from '../bubblewrap/syscalls.ts';

/** A rule of an engine's own system call filter, as its file has it. */
interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly args?: readonly Comparison[] | null;
  readonly errnoRet?: number;
}

interface Comparison {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: 'SCMP_CMP_EQ' | 'SCMP_CMP_MASKED_EQ';
}

const notPermitted = 1;
const noSuchCall = 38;

/**
 * The engine's own filter without what ours forbids: podman's lets everybody make user namespaces, so that containers can be made in
 * containers. Narrowed, not replaced: it knows the calls of the kernel it was made for. Throws where it is no such file.
 */
export function narrowed(text: string): string {
  const profile: unknown = JSON.parse(text);
  if (!isProfile(profile)) throw new TypeError('no list of system calls as engines have them');
  const examined = ['clone', 'unshare', 'socket'];
  const ours = new Set<string>([...forbidden, ...absent, ...examined]);
  const kept = profile.syscalls
    .map((rule) => ({ ...rule, names: rule.names.filter((name) => !ours.has(name)) }))
    .filter(({ names }) => names.length > 0);
  return JSON.stringify({ ...profile, syscalls: [...kept, ...rules] });
}

const allow = (name: string, ...args: readonly Comparison[]): Rule => ({
  names: [name],
  action: 'SCMP_ACT_ALLOW',
  args,
});

const equal = (index: number, value: number): Comparison => ({ index, value, op: 'SCMP_CMP_EQ' });

/** `valueTwo` is what is left of the argument under the mask `value`. */
const noneOf = (mask: number): Comparison => ({
  index: 0,
  value: mask,
  valueTwo: 0,
  op: 'SCMP_CMP_MASKED_EQ',
});

const rules: readonly Rule[] = [
  { names: forbidden, action: 'SCMP_ACT_ERRNO', errnoRet: notPermitted },
  { names: absent, action: 'SCMP_ACT_ERRNO', errnoRet: noSuchCall },
  allow('clone', noneOf(newNamespaces)),
  allow('unshare', noneOf(newNamespaces | newTimeNamespace)),
  ...[family.unix, family.inet, family.inet6].map((one) => allow('socket', equal(0, one))),
  allow('socket', equal(0, family.netlink), equal(2, netlinkRoute)),
];

function isProfile(value: unknown): value is { readonly syscalls: readonly Rule[] } {
  if (typeof value !== 'object' || value === null || !('syscalls' in value)) return false;
  const { syscalls } = value;
  // Where what is not named is allowed, taking a name away would allow it.
  const denies = 'defaultAction' in value && value.defaultAction === 'SCMP_ACT_ERRNO';
  return denies && Array.isArray(syscalls) && syscalls.every(hasNames);
}

const hasNames = (rule: unknown): boolean =>
  typeof rule === 'object' && rule !== null && 'names' in rule && Array.isArray(rule.names);
