import type { z } from 'zod';
import type { EventShapes } from '../../ports/event-shapes.ts';
import { eventData } from './event-data.ts';

const schemas: ReadonlyMap<string, z.ZodType> = new Map(Object.entries(eventData));

/** Holds the data of an event to the schema of its type. */
export const zodEventShapes: EventShapes = {
  faults: ({ type, data }) => {
    const checked = schemas.get(type)?.safeParse(data);
    if (checked === undefined || checked.success) return [];
    return checked.error.issues.map(
      ({ path, message }) => `${['data', ...path].map(String).join('.')}: ${message}`,
    );
  },
};
