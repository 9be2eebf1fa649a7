import type { z } from 'zod';
import { versions } from '../../domain/work-item/event.ts';
import type { EventShapes } from '../../ports/event-shapes.ts';
import { eventData } from './event-data.ts';
import { pastEventData } from './past-event-data.ts';
import { quickLook } from './quick-look.ts';

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

interface Checked {
  readonly data: z.ZodType;
  /** Made when the first event of the kind comes by: most histories hold a part of the kinds. */
  look: ReturnType<typeof quickLook> | null;
}

/** By type, then by version: a name made of both would be put together and hashed for each line of a history. */
const byType: ReadonlyMap<string, ReadonlyMap<number, Checked>> = new Map(
  types.map(([type]) => [
    type,
    new Map(
      eventShapes
        .filter((shape) => shape.type === type)
        .map(({ version, data }) => [version, { data, look: null }]),
    ),
  ]),
);

const fitting: readonly string[] = [];

/** Holds the data of an event to the schema of its type in the version it was written in. */
export const zodEventShapes: EventShapes = {
  faults: (event) => {
    const shape = byType.get(event.type)?.get(event.version);
    if (shape === undefined) return fitting;
    shape.look ??= quickLook(shape.data);
    if (shape.look(event.data)) return fitting;
    const checked = shape.data.safeParse(event.data);
    if (checked.success) return fitting;
    return checked.error.issues.map(
      ({ path, message }) => `${['data', ...path].map(String).join('.')}: ${message}`,
    );
  },
};
