/**
 * A process to be killed: opens the folder it is given, accepts deliveries as fast as it can, and writes the id of each on a line
 * of its own once it was acknowledged. One job is taken and never finished.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openJobEngine } from '../../../src/adapters/jobs/engine.ts';

const [, , folder = '', url, key = 'acme/widgets'] = process.argv;
const engine = await openJobEngine({
  folder,
  ...(url === undefined ? {} : { url }),
  notice: () => {},
});

await engine.jobs.enqueue({ queue: 'repository', key, data: { from: 'before' } });
await engine.jobs.work('repository', 1, async () => {
  process.stdout.write('job begun\n');
  await pause(3_600_000);
});

for (let number = 0; ; number += 1) {
  const id = `delivery-${number}`;
  const body_hash = `${key} ${id}`;
  const accepted = engine.inbox
    .accept({
      id: body_hash,
      event: 'issues',
      action: 'opened',
      repository: key,
      installation: 1,
      received_at: new Date().toISOString(),
      body_hash,
      payload: { number, padding: 'x'.repeat(2000) },
    })
    .then(() => process.stdout.write(`${id}\n`));
  // Some alone and some in one batch, as webhooks come.
  if (number % 7 === 0) await accepted;
}
