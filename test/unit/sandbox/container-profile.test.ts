import { describe, expect, it } from 'vitest';
import { narrowed } from '../../../src/adapters/sandbox/container/profile.ts';

const engines = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 38,
  archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] }],
  syscalls: [
    { names: ['read', 'unshare', 'clone', 'mount'], action: 'SCMP_ACT_ALLOW' },
    { names: ['socket'], action: 'SCMP_ACT_ALLOW', args: null },
    { names: ['bpf'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
  ],
};
const { syscalls, ...rest } = JSON.parse(narrowed(JSON.stringify(engines))) as typeof engines;
const rulesOf = (name: string) => syscalls.filter(({ names }) => names.includes(name));

describe('what an engine lets a container ask of the kernel', () => {
  it('stays as it is where nothing of ours forbids it', () => {
    expect(rest).toEqual({ ...engines, syscalls: undefined });
    expect(rulesOf('read')).toEqual([{ names: ['read'], action: 'SCMP_ACT_ALLOW' }]);
  });

  it.each(['mount', 'bpf', 'ptrace', 'keyctl'])('is never %s', (name) => {
    expect(rulesOf(name)).toMatchObject([{ action: 'SCMP_ACT_ERRNO', errnoRet: 1 }]);
  });

  it.each(['unshare', 'clone'])('is %s where it makes no namespace', (name) => {
    expect(rulesOf(name)).toMatchObject([
      { action: 'SCMP_ACT_ALLOW', args: [{ index: 0, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }] },
    ]);
  });

  it('is a socket of few families, each by its number', () => {
    const args = rulesOf('socket').map((rule) => ('args' in rule ? rule.args : null));
    expect(args).toMatchObject([
      [{ value: 1 }],
      [{ value: 2 }],
      [{ value: 10 }],
      [{ value: 16 }, { index: 2, value: 0 }],
    ]);
  });

  it.each([
    ['allows whatever it does not name', { ...engines, defaultAction: 'SCMP_ACT_ALLOW' }],
    ['names nothing', { defaultAction: 'SCMP_ACT_ERRNO' }],
  ])('is not guessed from a list that %s', (_, profile) => {
    expect(() => narrowed(JSON.stringify(profile))).toThrow(/no list of system calls/);
  });
});
