import { setTimeout as pause } from 'node:timers/promises';
import { createDesk, type Desk } from '../../application/desk/desk.ts';
import type { ComposedService } from '../../composition.ts';

/** `web`: where the code host shows its pages. */
export const openDesk = (
  {
    people,
    service,
    engine,
    deps,
  }: Pick<ComposedService, 'people' | 'service' | 'engine' | 'deps'>,
  web: string,
): Desk => createDesk({ people, service, inbox: engine.inbox, deps, pause, web });
