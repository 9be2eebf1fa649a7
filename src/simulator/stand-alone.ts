import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { controlRoutes } from './control.ts';
import type { Simulator, SimulatorOptions } from './face.ts';
import { onlyFromHere } from './guard.ts';
import { pageRoutes } from './page/page.ts';
import { startSimulator } from './simulator.ts';
import { createValidator } from './validation/validator.ts';
import type { Validator, ValidatorOptions } from './validation/validator.ts';

export { peopleOf } from './control.ts';
export { seedWidgets } from './seed.ts';

export interface StandAlone {
  readonly simulator: Simulator;
  readonly validator: Validator;
  /** `http://127.0.0.1:PORT/_simulator`, for a browser. */
  readonly page: string;
}

const root = '/_simulator';

/** A simulator with what a human and a test want around it: the validator, the control routes and the page. */
export async function startStandAlone(
  options: SimulatorOptions & ValidatorOptions = {},
): Promise<StandAlone> {
  const { strictRequests = false, ...rest } = options;
  const validator = createValidator({ strictRequests });
  const simulator = await startSimulator({ ...rest, observer: validator });
  attachConsole(simulator, validator);
  return { simulator, validator, page: `${simulator.url}${root}` };
}

/** Control routes and page, in front of GitHub's own routes. */
function attachConsole(simulator: Simulator, validator: Validator): void {
  const app = new Hono().basePath(root).use(onlyFromHere());
  app.route('/', controlRoutes(simulator, validator));
  app.route('/', pageRoutes(simulator, validator));
  app.onError((error, context) =>
    context.json({ message: `The simulator failed: ${error.message}` }, 500),
  );
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  simulator.handle(async (request, response) => {
    if (!isConsole(request.url ?? '')) return false;
    await listener(request, response);
    return true;
  });
}

function isConsole(url: string): boolean {
  return url === root || url.startsWith(`${root}/`) || url.startsWith(`${root}?`);
}
