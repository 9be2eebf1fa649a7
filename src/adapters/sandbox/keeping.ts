import type { Artifacts } from '../../ports/artifacts.ts';
import type { Sandbox } from '../../ports/sandbox.ts';

/** The same sandbox, with the files that a step names kept once it is over: also where it failed, which is when one wants its report. */
export function keepingArtifacts(sandbox: Sandbox, artifacts: Artifacts): Sandbox {
  return {
    ...sandbox,
    async run(step) {
      const result = await sandbox.run(step);
      const wanted = step.artifacts ?? [];
      if (result.kind === 'unavailable' || wanted.length === 0) return result;
      const { kept, refused } = await artifacts.keep(step.workspace, wanted);
      return { ...result, artifacts: kept, not_kept: refused };
    },
  };
}
