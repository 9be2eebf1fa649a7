import { isObject } from './json-schema.ts';

/**
 * Where GitHub's description is wrong about GitHub. Every entry has its reason; an entry that meets nothing to correct
 * fails the load, so that it goes when GitHub mends its description.
 */
export interface Correction {
  /** Name under `#/components/schemas/`. */
  readonly schema: string;
  readonly reason: string;
  /** Changes the schema in place; false when there was nothing to change. */
  readonly apply: (schema: Record<string, unknown>) => boolean;
}

function addProperty(name: string, property: Record<string, unknown>): Correction['apply'] {
  return (schema) => {
    if (!isObject(schema.properties) || name in schema.properties) return false;
    schema.properties[name] = property;
    return true;
  };
}

const statusInRefusals =
  'Every refusal of the live API carries its status as a string; only "basic-error" documents it.';

export const corrections: readonly Correction[] = [
  {
    schema: 'validation-error',
    reason: statusInRefusals,
    apply: addProperty('status', { type: 'string' }),
  },
  {
    schema: 'validation-error-simple',
    reason: statusInRefusals,
    apply: addProperty('status', { type: 'string' }),
  },
];

/**
 * Statuses that any operation may answer though its description is silent; GitHub documents them once for all
 * ("Troubleshooting the REST API", "Rate limits", "Using conditional requests"). The value names the schema of the body.
 */
export const generalStatuses: Readonly<Record<number, string | null>> = {
  304: null,
  400: 'basic-error',
  401: 'basic-error',
  403: 'basic-error',
  404: 'basic-error',
  415: 'basic-error',
  422: 'validation-error',
  429: 'basic-error',
  500: 'basic-error',
  502: 'basic-error',
  503: 'basic-error',
};
