import { absent, architectures, forbidden, LAST_KNOWN, type Architecture } from './syscalls.ts';

/**
 * The system calls a step may make, as a seccomp program in classic BPF. Assembled here: of what npm offers, node-seccomp (2022)
 * puts a filter on the calling process and must be compiled, and @anthropic-ai/sandbox-runtime ships two finished programs that
 * deny Unix sockets alone. bubblewrap wants bytes, and these are a hundred lines.
 */

/** One instruction: code, jump if true, jump if false (both relative, in instructions), constant. */
export type Instruction = readonly [code: number, yes: number, no: number, constant: number];
type Block = readonly Instruction[];

/** `linux/bpf_common.h`; loads take 32 bits at an offset of `struct seccomp_data`. */
const code = { load: 0x20, equal: 0x15, atLeast: 0x35, anyBit: 0x45, return: 0x06 };

/** `struct seccomp_data`; an argument's lower half, both architectures being little-endian. */
const field = { call: 0, architecture: 4, argument: (index: number) => 16 + 8 * index };

export const verdict = {
  allow: 0x7fff0000,
  notPermitted: 0x00050001,
  noSuchCall: 0x00050026,
  kill: 0x80000000,
} as const;

/** `linux/sched.h`: mount, cgroup, uts, ipc, user, pid and network namespaces, and time (which only `unshare` takes). */
export const newNamespaces = 0x7e020000;
export const newTimeNamespace = 0x80;

/** Terminal requests that type into somebody else's terminal: TIOCSTI and TIOCLINUX. */
const typing = [0x5412, 0x541c];

export const family = { unix: 1, inet: 2, inet6: 10, netlink: 16 };
export const netlinkRoute = 0;

const load = (offset: number): Instruction => [code.load, 0, 0, offset];
const answer = (what: number): Instruction => [code.return, 0, 0, what];
const whenEqual = (value: number, block: Block): Block => [
  [code.equal, 0, block.length, value],
  ...block,
];
const unlessEqual = (value: number, block: Block): Block => [
  [code.equal, block.length, 0, value],
  ...block,
];
const whenAtLeast = (value: number, block: Block): Block => [
  [code.atLeast, 0, block.length, value],
  ...block,
];
const whenAnyBit = (mask: number, block: Block): Block => [
  [code.anyBit, 0, block.length, mask],
  ...block,
];

const no = answer(verdict.notPermitted);
const yes = answer(verdict.allow);

/** null: an architecture whose numbers nobody wrote down. */
export function filterFor(architecture: string): Buffer | null {
  const known = architectures[architecture];
  return known === undefined ? null : encode(program(known));
}

export function program({ audit, other_face, number }: Architecture): Block {
  const numbers = (names: readonly (keyof typeof number)[]): readonly number[] =>
    names.map((name) => number[name]).filter((value) => value !== null);
  /** Ends in an answer: what follows has other things in the accumulator. */
  const examine = (name: keyof typeof number, block: Block): Block =>
    numbers([name]).flatMap((value) => whenEqual(value, block));
  return [
    load(field.architecture),
    ...unlessEqual(audit, [answer(verdict.kill)]),
    load(field.call),
    ...(other_face === null ? [] : whenAtLeast(other_face, [answer(verdict.kill)])),
    ...whenAtLeast(LAST_KNOWN + 1, [answer(verdict.noSuchCall)]),
    ...numbers(absent).flatMap((value) => whenEqual(value, [answer(verdict.noSuchCall)])),
    ...numbers(forbidden).flatMap((value) => whenEqual(value, [no])),
    ...examine('clone', [load(field.argument(0)), ...whenAnyBit(newNamespaces, [no]), yes]),
    ...examine('unshare', [
      load(field.argument(0)),
      ...whenAnyBit(newNamespaces | newTimeNamespace, [no]),
      yes,
    ]),
    ...examine('ioctl', [
      load(field.argument(1)),
      ...typing.flatMap((request) => whenEqual(request, [no])),
      yes,
    ]),
    // 0 is what every process has, and all ones only asks.
    ...examine('personality', [
      load(field.argument(0)),
      ...whenEqual(0, [yes]),
      ...whenEqual(0xffffffff, [yes]),
      no,
    ]),
    ...examine('socket', [
      load(field.argument(0)),
      ...whenEqual(family.unix, [yes]),
      ...whenEqual(family.inet, [yes]),
      ...whenEqual(family.inet6, [yes]),
      // Lists interfaces, which test servers do; all other families of it speak to parts of the kernel.
      ...unlessEqual(family.netlink, [no]),
      load(field.argument(2)),
      ...whenEqual(netlinkRoute, [yes]),
      no,
    ]),
    yes,
  ];
}

/** `struct sock_filter`, little-endian. */
export function encode(instructions: Block): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8);
  for (const [index, [operation, ifTrue, ifFalse, constant]] of instructions.entries()) {
    bytes.writeUInt16LE(operation, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(constant >>> 0, index * 8 + 4);
  }
  return bytes;
}
