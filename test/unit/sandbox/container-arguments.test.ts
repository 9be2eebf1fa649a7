import { describe, expect, it } from 'vitest';
import {
  containerArguments,
  unspeakable,
  type ContainerPlace,
} from '../../../src/adapters/sandbox/container/arguments.ts';
import { defaultLimits } from '../../../src/adapters/sandbox/bubblewrap/limits.ts';

const place: ContainerPlace = {
  engine: 'docker',
  image: 'node:24',
  name: 'assent-1',
  label: 'abc',
  filter: '/data/calls.json',
  user: { uid: 62_000, gid: 62_000 },
  limits: { ...defaultLimits, memory: 1_000, processes: 10, tmp: 20, home: 30 },
  workspace: '/data/work',
  programs: ['/opt/agent'],
  socket: { host: '/data/model.sock', inside: '/run/model.sock' },
  environment: { HOME: '/home/step' },
  argv: ['/bin/sh', '-c', 'npm test'],
};

describe('a container is asked for', () => {
  const args = containerArguments(place);
  it.each([
    ['without a network', '--network=none'],
    ['without a way to write its own files', '--read-only'],
    ['without capabilities', '--cap-drop=ALL'],
    ['without ways to gain any', '--security-opt=no-new-privileges'],
    ['with the system calls that are left', '--security-opt=seccomp=/data/calls.json'],
    ['as nobody', '--user=62000:62000'],
    ['with so many processes', '--pids-limit=10'],
    ['with so much memory', '--memory=1000'],
    ['and no swap', '--memory-swap=1000'],
    ['with nothing fetched', '--pull=never'],
    ['with nothing kept', '--rm'],
    ['with nothing logged elsewhere', '--log-driver=none'],
    ['by a name to end it by', '--name=assent-1'],
    ['with memory of its own', '--ipc=private'],
    ['with folders that end with it', '/home/step:rw,nosuid,nodev,size=30,mode=1777'],
    ['with the workspace', 'type=bind,source=/data/work,target=/workspace'],
    ['with a program’s folder, to read', 'type=bind,source=/opt/agent,target=/opt/agent,readonly'],
    ['with its one way out', 'type=bind,source=/data/model.sock,target=/run/model.sock'],
  ])('%s', (_, argument) => {
    expect(args).toContain(argument);
  });

  it('for the command, whatever the image would start', () => {
    expect(args.slice(-4)).toEqual(['--entrypoint=/bin/sh', 'node:24', '-c', 'npm test']);
  });

  it('never with more than that: no privileges, no devices, no names of the host', () => {
    expect(args.join(' ')).not.toMatch(
      /privileged|--device|--cap-add|pid=host|network=host|docker\.sock/,
    );
  });

  it('with an empty workspace where there is none', () => {
    const none = containerArguments({ ...place, workspace: null }).join(' ');
    expect(none).toContain('--tmpfs /workspace:rw');
    expect(none).not.toContain('/data/work');
  });
});

it.each([
  ['/data/a,readonly=false', true],
  ['/data/"quoted"', true],
  ['/data/plain', false],
])('a path that would be read as options cannot be given: %s', (path, odd) => {
  expect(unspeakable(['/fine', path]) !== null).toBe(odd);
});
