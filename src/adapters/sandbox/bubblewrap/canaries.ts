import type { StepResult } from '../../../ports/sandbox.ts';

/** One thing that must be so inside: a shell command and what it must print. */
interface Canary {
  readonly what: string;
  readonly command: string;
  readonly expected: RegExp;
}

/** Each stands for a wall that a flag, a kernel or a container around us could silently lack; the tests try many more. */
const canaries: readonly Canary[] = [
  {
    what: 'the workspace, /tmp and the home can be written',
    command:
      'for f in . /tmp "$HOME"; do echo kept > "$f/canary" && cat "$f/canary" && rm "$f/canary"; done',
    expected: /^kept\nkept\nkept$/,
  },
  { what: 'Node runs', command: 'node -p "6*7"', expected: /^42$/ },
  {
    what: 'no capability is held, nor can be gained',
    command: `grep -E '^(CapEff|CapBnd|NoNewPrivs):' /proc/self/status | tr -d '\\n\\t'`,
    expected: /^CapEff:0{16}CapBnd:0{16}NoNewPrivs:1$/,
  },
  {
    what: 'system calls are filtered',
    command: `grep '^Seccomp:' /proc/self/status | tr -d '\\t'`,
    expected: /^Seccomp:2$/,
  },
  {
    what: 'no further user namespace can be made',
    command: 'unshare --user true 2>/dev/null && echo made || echo refused',
    expected: /^refused$/,
  },
  {
    what: 'processes of the host are not seen',
    command: 'ls /proc | grep -cE "^[0-9]{3,}$"',
    expected: /^0$/,
  },
  {
    what: 'our environment is not seen',
    // A shell on the way in names its folder there; a container's first process has what its step was given.
    command: `env >/tmp/canary; tr '\\0' '\\n' 2>/dev/null </proc/1/environ | grep -vE '^(PWD|OLDPWD|SHLVL|_)=' | grep -cvxFf /tmp/canary; rm /tmp/canary`,
    expected: /^0$/,
  },
  {
    what: 'no open file of ours was brought along',
    command: `for f in /proc/self/fd/*; do [ "\${f##*/}" -gt 2 ] && [ -e "$f" ] && echo "$f"; done; echo end`,
    expected: /^end$/,
  },
  {
    what: 'there is no network but its own',
    command: `tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' \\n'`,
    expected: /^lo$/,
  },
  {
    what: 'passwords of the host are not seen',
    command: 'cat /etc/shadow /etc/gshadow /root/.ssh/id_* 2>/dev/null | wc -c',
    expected: /^0$/,
  },
  {
    what: 'nothing but the workspace, /tmp and the home can be written',
    command:
      'for f in / /usr /etc /dev /opt /opt/node /proc/sys/kernel; do touch "$f/canary" 2>/dev/null && echo "$f" && rm "$f/canary"; done; echo end',
    expected: /^end$/,
  },
];

const end = 'canary-end';

export const canaryScript: string = canaries
  .map(({ command }, index) => `echo canary ${index}; ( ${command} ); echo`)
  .concat(`echo ${end}`)
  .join('\n');

/** Each thing that was not as it must be. */
export function canaryFaults(result: StepResult): readonly string[] {
  if (result.kind === 'unavailable') return [result.reason];
  if (!result.output.endsWith(end)) {
    return [`the trial ended before its end: ${result.output.slice(-300)}`];
  }
  const parts = result.output.split(/^canary \d+$/m).slice(1);
  return canaries.flatMap(({ what, expected }, index) => {
    const said = (parts[index] ?? '').replace(end, '').trim();
    return expected.test(said) ? [] : [`it should be so that ${what}, but it said "${said}"`];
  });
}
