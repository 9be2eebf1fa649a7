import { generalStatuses, inEveryRefusal } from './corrections.ts';
import type { Description } from './description.ts';
import type { Schema } from './json-schema.ts';
import { isObject } from './json-schema.ts';
import type { Operation, ResponseShape } from './operations.ts';
import { undocumentedProperties } from './undocumented.ts';

/** One way in which an exchange differs from GitHub's description. */
export interface Fault {
  /** E.g. `query page`, `body /labels/0`, `status`. */
  readonly where: string;
  readonly message: string;
  /** GitHub takes no notice of it (an unknown property or parameter), so answering all the same is right. */
  readonly ignorable: boolean;
}

export interface RestExchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: unknown;
  readonly status: number;
  readonly responseBody: unknown;
  readonly contentType: string;
}

const fault = (where: string, message: string, ignorable = false): Fault => ({
  where,
  message,
  ignorable,
});

export function findOperation(
  description: Description,
  method: string,
  path: string,
): Operation | undefined {
  const { pathname } = new URL(path, 'https://api.github.com');
  return description.operations.find(
    (operation) => operation.method === method && operation.pattern.test(pathname),
  );
}

/** How the client's request differs from what is documented: parameters of the query, then the body. */
export function requestFaults(
  description: Description,
  operation: Operation,
  exchange: RestExchange,
): readonly Fault[] {
  const { searchParams } = new URL(exchange.path, 'https://api.github.com');
  return [
    ...queryFaults(description, operation, searchParams),
    ...bodyFaults(description, operation, exchange.requestBody),
  ];
}

function queryFaults(
  description: Description,
  operation: Operation,
  given: URLSearchParams,
): Fault[] {
  const faults: Fault[] = [];
  for (const [name, { required }] of operation.query) {
    if (required && !given.has(name)) faults.push(fault(`query ${name}`, 'is required'));
  }
  for (const [name, text] of given) {
    const parameter = operation.query.get(name);
    if (!parameter) faults.push(fault(`query ${name}`, 'is not documented', true));
    else
      for (const { message } of description.faults(parameter.schema, typed(parameter.schema, text)))
        // GitHub falls back on its default where a value means nothing to it.
        faults.push(fault(`query ${name}`, message, true));
  }
  return faults;
}

/** A query holds text; the description says what the text stands for. */
function typed({ type }: Schema, text: string): unknown {
  if (type === 'integer' || type === 'number') return text.trim() === '' ? text : Number(text);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'array') return text.split(',');
  return text;
}

function bodyFaults(description: Description, operation: Operation, body: unknown): Fault[] {
  if (body === undefined || body === null)
    return operation.body?.required === true ? [fault('body', 'is required')] : [];
  if (!operation.body) return emptyObject(body) ? [] : [fault('body', 'is not documented', true)];
  const { schema } = operation.body;
  return [
    ...description.faults(schema, body).map(({ at, message }) => fault(`body ${at}`, message)),
    ...undocumentedProperties(description, schema, body).map((at) =>
      fault(`body ${at}`, 'is not documented', true),
    ),
  ];
}

function emptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

/** How the reply differs from what is documented: its status, then its body. */
export function responseFaults(
  description: Description,
  operation: Operation,
  exchange: RestExchange,
): readonly Fault[] {
  const { status, responseBody: body, contentType } = exchange;
  const shape = shapeOf(description, operation, status);
  if (!shape) return [fault('status', `${status} is not documented`)];
  if (shape.size === 0) return isEmpty(body) ? [] : [fault('body', `a reply ${status} has none`)];
  if (!isJson(contentType)) return mediaTypeFaults(shape, contentType, status);
  return jsonFaults(description, shape, body, status);
}

/** Where a refusal is documented without a body ("Not Found if …"), the live API sends the general one. */
function shapeOf(
  description: Description,
  operation: Operation,
  status: number,
): ResponseShape | undefined {
  const documented = operation.responses.get(String(status));
  if (documented && (documented.size > 0 || status < 400)) return documented;
  return generalShape(description, status) ?? documented;
}

function generalShape(description: Description, status: number): ResponseShape | undefined {
  const name = generalStatuses[status];
  if (name === undefined) return undefined;
  const schema = name === null ? undefined : description.schema(name);
  return new Map(schema ? [['application/json', schema]] : []);
}

function isEmpty(body: unknown): boolean {
  return body === undefined || body === null || body === '';
}

function isJson(contentType: string): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
}

/** Raw, diff and patch replies exist by "Media types", documented once for all; an outage may answer anything. */
function mediaTypeFaults(shape: ResponseShape, contentType: string, status: number): Fault[] {
  const type = contentType.split(';')[0]?.trim() ?? '';
  if (status >= 500 || shape.has(type)) return [];
  if (/^application\/vnd\.github\.(?:v3\.)?(?:raw|diff|patch|sha|html|object)\b/.test(type))
    return [];
  return [fault('content-type', `"${contentType}" is not documented`)];
}

/** A reply is as described when it fits one of the JSON media types; the nearest one is reported otherwise. */
function jsonFaults(
  description: Description,
  shape: ResponseShape,
  body: unknown,
  status: number,
): Fault[] {
  const candidates = [...shape]
    .filter(([type]) => isJson(type) || type === 'application/vnd.github.object')
    .map(([, schema]) => schema);
  if (candidates.length === 0) return [fault('body', `JSON is not documented for ${status}`)];
  const reports = candidates.map((schema) => [
    ...description.faults(schema, body).map(({ at, message }) => fault(`body ${at}`, message)),
    ...undocumentedProperties(description, schema, body)
      .filter((at) => status < 400 || !inEveryRefusal.has(at))
      .map((at) => fault(`body ${at}`, 'is not documented')),
  ]);
  return reports.toSorted((a, b) => a.length - b.length)[0] ?? [];
}

export function webhookFaults(
  description: Description,
  { event, action, payload }: { event: string; action: string | null; payload: unknown },
): { readonly name: string; readonly faults: readonly Fault[] } {
  const documented = description.webhook(event, action);
  if (!documented)
    return {
      name: action === null ? event : `${event}.${action}`,
      faults: [fault('event', 'is not documented')],
    };
  return {
    name: documented.name,
    faults: [
      ...description
        .faults(documented.schema, payload)
        .map(({ at, message }) => fault(`payload ${at}`, message)),
      ...undocumentedProperties(description, documented.schema, payload).map((at) =>
        fault(`payload ${at}`, 'is not documented'),
      ),
    ],
  };
}
