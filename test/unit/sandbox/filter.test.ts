import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encode,
  filterFor,
  program,
  verdict,
} from '../../../src/adapters/sandbox/bubblewrap/filter.ts';
import {
  absent,
  architectures,
  forbidden,
  LAST_KNOWN,
  type Architecture,
} from '../../../src/adapters/sandbox/bubblewrap/syscalls.ts';

interface SystemCall {
  readonly audit: number;
  readonly number: number;
  /** 64 bits each. */
  readonly arguments: readonly bigint[];
}

/** The kernel's machine, as far as `linux/filter.h` and `linux/seccomp.h` say and filters of ours need. */
function judge(filter: Buffer, call: SystemCall): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number, 0);
  data.writeUInt32LE(call.audit, 4);
  for (const [index, value] of call.arguments.entries())
    data.writeBigUInt64LE(value, 16 + 8 * index);
  let accumulator = 0;
  for (let at = 0; at < filter.length / 8; at += 1) {
    const code = filter.readUInt16LE(at * 8);
    const [yes, no] = [filter.readUInt8(at * 8 + 2), filter.readUInt8(at * 8 + 3)];
    const constant = filter.readUInt32LE(at * 8 + 4);
    const jump = (condition: boolean): void => void (at += condition ? yes : no);
    if (code === 0x20) accumulator = data.readUInt32LE(constant);
    else if (code === 0x15) jump(accumulator === constant);
    else if (code === 0x35) jump(accumulator >= constant);
    else if (code === 0x45) jump((accumulator & constant) !== 0);
    else if (code === 0x06) return constant;
    else throw new Error(`no such instruction: ${code}`);
  }
  throw new Error('it ran past its end');
}

const x64 = architectures['x64'];
const arm64 = architectures['arm64'];
if (x64 === undefined || arm64 === undefined) throw new Error('both are known');

describe.each([
  ['x64', x64],
  ['arm64', arm64],
] as const)('on %s', (name, architecture: Architecture) => {
  const filter = filterFor(name) ?? Buffer.alloc(0);
  const { audit, number } = architecture;
  const call = (called: number | null, ...values: readonly (number | bigint)[]) =>
    judge(filter, { audit, number: called ?? -1, arguments: values.map(BigInt) });

  it.each(forbidden.filter((called) => number[called] !== null))(
    '%s is not permitted',
    (called) => {
      expect(call(number[called])).toBe(verdict.notPermitted);
    },
  );

  it.each(absent)('%s does not exist', (called) => {
    expect(call(number[called])).toBe(verdict.noSuchCall);
  });

  it('what came after the list was read does not exist', () => {
    expect(call(LAST_KNOWN + 1)).toBe(verdict.noSuchCall);
    expect(call(LAST_KNOWN)).toBe(verdict.allow);
  });

  it('a call made for another architecture kills', () => {
    const other = name === 'x64' ? arm64.audit : x64.audit;
    for (const asked of [other, 0x40000003, 0]) {
      expect(judge(filter, { audit: asked, number: 1, arguments: [] })).toBe(verdict.kill);
    }
  });

  it.each([
    ['a thread', 'clone', [0x3d0f00n], 'allow'],
    ['a child process', 'clone', [0x1200011n], 'allow'],
    ['a user namespace', 'clone', [0x10000000n], 'notPermitted'],
    ['a mount namespace beside harmless flags', 'clone', [0x20011n], 'notPermitted'],
    ['a file table of its own', 'unshare', [0x400n], 'allow'],
    ['a user namespace, unshared', 'unshare', [0x10000000n], 'notPermitted'],
    ['a time namespace, unshared', 'unshare', [0x80n], 'notPermitted'],
    ['the size of a terminal', 'ioctl', [0n, 0x5413n], 'allow'],
    ['typing into a terminal', 'ioctl', [0n, 0x5412n], 'notPermitted'],
    ['typing, with bits the kernel drops', 'ioctl', [0n, 0xdead00005412n], 'notPermitted'],
    ['the console', 'ioctl', [0n, 0x541cn], 'notPermitted'],
    ['asking for the personality', 'personality', [0xffffffffn], 'allow'],
    ['addresses that do not change', 'personality', [0x40000n], 'notPermitted'],
    ['a Unix socket', 'socket', [1n, 1n, 0n], 'allow'],
    ['an internet socket', 'socket', [2n, 1n, 0n], 'allow'],
    ['the list of interfaces', 'socket', [16n, 3n, 0n], 'allow'],
    ['the audit of the kernel', 'socket', [16n, 3n, 9n], 'notPermitted'],
    ['raw packets', 'socket', [17n, 3n, 0n], 'notPermitted'],
    ['the kernel’s ciphers', 'socket', [38n, 5n, 0n], 'notPermitted'],
    ['the hypervisor', 'socket', [40n, 1n, 0n], 'notPermitted'],
  ] as const)('%s', (_, called, values, expected) => {
    expect(call(number[called], ...values)).toBe(verdict[expected]);
  });

  it('any call whatever has an answer, and only named ones are refused', () => {
    const refused = new Set([...forbidden, ...absent].map((called) => number[called]));
    const examined = new Set(
      (['clone', 'ioctl', 'personality', 'socket', 'unshare'] as const).map((c) => number[c]),
    );
    fc.assert(
      fc.property(
        fc.nat(LAST_KNOWN),
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 6, maxLength: 6 }),
        (called, values) => {
          const said = judge(filter, { audit, number: called, arguments: values });
          if (refused.has(called)) expect(said).not.toBe(verdict.allow);
          else if (!examined.has(called)) expect(said).toBe(verdict.allow);
        },
      ),
    );
  });

  it('is one that the kernel takes: short, its jumps inside it, and it ends in an answer', () => {
    const instructions = program(architecture);
    expect(instructions.length).toBeLessThan(4096);
    expect(encode(instructions)).toStrictEqual(filter);
    expect(instructions.at(-1)?.[0]).toBe(0x06);
  });
});

it('the x32 face of x86-64 kills, whose numbers would pass a list of the plain ones', () => {
  const filter = filterFor('x64') ?? Buffer.alloc(0);
  const asked = { audit: x64.audit, number: 0x40000000 + 521, arguments: [] };
  expect(judge(filter, asked)).toBe(verdict.kill);
});

it('an architecture nobody wrote down has no filter', () => {
  expect(filterFor('riscv64')).toBeNull();
});
