import { hostDemoSandbox, noSandbox, openSandbox } from '../../../composition.ts';
import type { SandboxConfig } from '../../../config.ts';
import type { Sandbox } from '../../../ports/sandbox.ts';

/** A sandbox, and what is to be said of it to whoever watches. */
export interface ChosenSandbox {
  readonly sandbox: Sandbox;
  readonly said: string;
}

/** `folder`: everything of the occasion lies below it. */
export type ChooseSandbox = (folder: string) => Promise<ChosenSandbox>;

/** The demo's one repository is our own, and so it alone may be worked on without a sandbox: where there is none, and said aloud. */
export const sandboxOfDemo =
  (config: SandboxConfig): ChooseSandbox =>
  async (folder) => {
    if (config.kind === 'unsafe-host') return onHost('ASSENT_SANDBOX=unsafe-host');
    const sandbox = await openSandbox({ ...config, folder });
    const { kind, reason } = sandbox.capability();
    return kind === 'unavailable'
      ? onHost(reason)
      : { sandbox, said: `The repository's tests run in a sandbox: ${reason}.` };
  };

const onHost = (reason: string): ChosenSandbox => ({
  sandbox: hostDemoSandbox(),
  said: `The repository's tests run on this machine itself, which only the demo's own may: ${reason}.`,
});

/** Somebody's own repository: in a sandbox or not at all. */
export const sandboxOfTry =
  (config: SandboxConfig): ChooseSandbox =>
  async (folder) => {
    const sandbox =
      config.kind === 'unsafe-host'
        ? noSandbox('no sandbox: ASSENT_SANDBOX=unsafe-host is for a service, never for a trial')
        : await openSandbox({ ...config, folder });
    const { kind, reason } = sandbox.capability();
    return {
      sandbox,
      said:
        kind === 'unavailable'
          ? `Steps of the repository are not run: ${reason}.`
          : `Steps of the repository run in a sandbox: ${reason}.`,
    };
  };
