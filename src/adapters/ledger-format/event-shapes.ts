import type { z } from 'zod';
import { versions } from '../../domain/work-item/event.ts';
import type { EventShapes } from '../../ports/event-shapes.ts';
import { eventData } from './event-data.ts';
import { pastEventData } from './past-event-data.ts';

export interface EventShape {
  readonly type: string;
  readonly version: number;
  readonly data: z.ZodType;
}

const types = Object.entries(eventData) as [keyof typeof eventData, z.ZodType][];

/** Every type in every version that can stand in a history, oldest first within a type. */
export const eventShapes: readonly EventShape[] = types.flatMap(([type, data]) => [
  ...Object.entries(pastEventData[type] ?? {}).map(([version, past]) => ({
    type,
    version: Number(version),
    data: past,
  })),
  { type, version: versions[type], data },
]);

/** By type, then by version: a name made of both would be put together and hashed for each line of a history. */
const byType: ReadonlyMap<string, ReadonlyMap<number, z.ZodType>> = new Map(
  types.map(([type]) => [
    type,
    new Map(
      eventShapes
        .filter((shape) => shape.type === type)
        .map(({ version, data }) => [version, data]),
    ),
  ]),
);

const fitting: readonly string[] = [];

/** Holds the data of an event to the schema of its type in the version it was written in. */
export const zodEventShapes: EventShapes = {
  faults: (event) => {
    const checked = byType.get(event.type)?.get(event.version)?.safeParse(event.data);
    if (checked === undefined || checked.success) return fitting;
    return checked.error.issues.map(
      ({ path, message }) => `${['data', ...path].map(String).join('.')}: ${message}`,
    );
  },
};
