import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { corrections } from './corrections.ts';
import { laterPermissions } from './later-permissions.ts';
import { isObject, schemaUri, toJsonSchema } from './json-schema.ts';
import type { Schema } from './json-schema.ts';
import { operationsOf } from './operations.ts';
import type { Operation } from './operations.ts';

/** GitHub's description as this project keeps it (`schema/github/openapi.json`), ready to be asked. */
export interface Description {
  /** Package and version the description was cut from. */
  readonly source: string;
  readonly operations: readonly Operation[];
  schema(name: string): Schema | undefined;
  webhook(
    event: string,
    action: string | null,
  ): { readonly name: string; readonly schema: Schema } | undefined;
  /** What a `$ref` leads to; the schema itself where it has none. */
  resolve(schema: Schema): Schema;
  /** Faults of a value, at most twenty; empty when it is as described. */
  faults(schema: Schema, value: unknown): readonly SchemaFault[];
}

export interface SchemaFault {
  /** JSON pointer into the value. */
  readonly at: string;
  readonly message: string;
}

let loaded: Description | undefined;

/** Read once a process: 1.6 MB and, above all, the schemas compiled so far. */
export function loadDescription(): Description {
  loaded ??= createDescription(
    JSON.parse(
      readFileSync(new URL('../../../schema/github/openapi.json', import.meta.url), 'utf8'),
    ),
  );
  return loaded;
}

export function createDescription(document: unknown): Description {
  const root = objectAt(document, 'the description');
  correct(root);
  const components = objectAt(root.components, 'components');
  const rawSchemas = objectAt(components.schemas, 'components.schemas');
  const schemas = new Map(
    Object.entries(rawSchemas).map(([name, schema]) => [schemaUri(name), toJsonSchema(schema)]),
  );
  const ajv = createAjv(schemas);
  const webhooks = webhooksOf(objectAt(root['x-webhooks'], 'x-webhooks'));
  const origin = objectAt(root['x-pruned-from'], 'x-pruned-from');
  return {
    source: `${String(origin.package)} ${String(origin.version)}`,
    operations: operationsOf(objectAt(root.paths, 'paths'), components),
    schema: (name) => schemas.get(schemaUri(name)),
    webhook: (event, action) => {
      const name = webhookName(event, action);
      const schema = webhooks.get(name);
      return schema && { name, schema };
    },
    resolve: (schema) => resolve(schemas, schema),
    faults: (schema, value) => faultsOf(ajv.compile(schema), value),
  };
}

/** The description calls `pull_request` `opened` "pull-request-opened". */
function webhookName(event: string, action: string | null): string {
  return (action === null ? event : `${event}-${action}`).replaceAll('_', '-');
}

function webhooksOf(source: Record<string, unknown>): Map<string, Schema> {
  const found = new Map<string, Schema>();
  for (const [name, item] of Object.entries(source)) {
    const post = isObject(item) ? item.post : undefined;
    const body = isObject(post) ? post.requestBody : undefined;
    const content =
      isObject(body) && isObject(body.content) ? body.content['application/json'] : undefined;
    if (isObject(content)) found.set(name, toJsonSchema(content.schema));
  }
  return found;
}

function resolve(schemas: ReadonlyMap<string, Schema>, schema: Schema): Schema {
  const target = typeof schema.$ref === 'string' ? schemas.get(schema.$ref) : undefined;
  return target ? resolve(schemas, target) : schema;
}

function correct(document: Record<string, unknown>): void {
  for (const { reason, at, apply } of [...corrections, ...laterPermissions]) {
    const target = at.reduce<unknown>(
      (value, key) => (isObject(value) ? value[key] : undefined),
      document,
    );
    if (!isObject(target) || !apply(target)) {
      throw new Error(
        `corrections.ts: nothing to correct at ${at.join(' > ')} (${reason}). Remove it.`,
      );
    }
  }
}

function createAjv(schemas: ReadonlyMap<string, Schema>): Ajv {
  // `strict` would refuse the description for its unknown formats and its types without properties; the description is given.
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateSchema: false,
    logger: false,
    code: { optimize: false },
  });
  addFormats.default(ajv, ['date', 'date-time', 'uri', 'uri-template']);
  // A bot's address has brackets, `1+assent[bot]@users.noreply.github.com`, and commits may carry anything with an @.
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  ajv.addFormat('repo.nwo', /^[^/]+\/[^/]+$/);
  ajv.addFormat('timestamp', true);
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
  for (const [uri, schema] of schemas) ajv.addSchema(schema, uri);
  return ajv;
}

function faultsOf(validate: ValidateFunction, value: unknown): readonly SchemaFault[] {
  if (validate(value)) return [];
  const errors = validate.errors ?? [];
  return specific(errors)
    .slice(0, 20)
    .map((error) => ({ at: error.instancePath, message: explain(error) }));
}

/** With `anyOf` every branch complains; the deepest complaints are about the branch that was meant. */
function specific(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf');
  const hidden = (error: ErrorObject): boolean =>
    choices.some(
      (choice) =>
        choice !== error &&
        error.instancePath === choice.instancePath &&
        error.schemaPath !== choice.schemaPath &&
        error.keyword === 'type',
    );
  const kept = errors.filter((error) => !hidden(error));
  return kept.length > 0 ? kept : errors;
}

function explain({ message = 'is not as described', params, keyword }: ErrorObject): string {
  if (keyword === 'enum') return `${message}: ${JSON.stringify(params.allowedValues)}`;
  return message;
}

function objectAt(value: unknown, where: string): Record<string, unknown> {
  if (!isObject(value))
    throw new Error(
      `schema/github/openapi.json: ${where} is no object. Run scripts/prune-github-description.ts.`,
    );
  return value;
}
