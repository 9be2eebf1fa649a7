/**
 * A process to be killed: opens the folder it is given, accepts deliveries as fast as it can, and writes the id of each on a line
 * of its own once it was acknowledged. One job is taken and never finished.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openJobEngine } from '../../../src/adapters/jobs/engine.ts';

const folder = process.argv[2] ?? '';
const engine = await openJobEngine({ folder, notice: () => {} });

await engine.jobs.enqueue({ queue: 'repository', key: 'acme/widgets', data: { from: 'before' } });
await engine.jobs.work('repository', 1, async () => {
  process.stdout.write('job begun\n');
  await pause(3_600_000);
});

for (let number = 0; ; number += 1) {
  const id = `delivery-${number}`;
  const accepted = engine.inbox
    .accept({
      id,
      event: 'issues',
      action: 'opened',
      repository: 'acme/widgets',
      installation: 1,
      received_at: new Date().toISOString(),
      body_hash: id,
      payload: { number, padding: 'x'.repeat(2000) },
    })
    .then(() => process.stdout.write(`${id}\n`));
  // Some alone and some in one batch, as webhooks come.
  if (number % 7 === 0) await accepted;
}
