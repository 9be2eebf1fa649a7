import { expect, it } from 'vitest';
import { describeMachine } from '../../src/domain/work-item/diagram.ts';

/** Run `npx vitest --project integration machine-page --update` after a change of the machine. */
it('docs/machine.md is what the machine’s own table gives', async () => {
  await expect(describeMachine()).toMatchFileSnapshot('../../docs/machine.md');
});
