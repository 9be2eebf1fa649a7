import { createHash } from 'node:crypto';
import type { Stimulus } from '../../application/intake/stimulus.ts';
import type { Delivery, Inbox } from '../../ports/inbox.ts';
import type { Metrics, WebhookEnd } from '../../ports/telemetry.ts';
import type { VerifySignature } from './signature.ts';
import { answeredEvents, readWebhook } from './webhook-events.ts';

/** What GitHub sends at most. */
const maxBodyBytes = 25 * 1024 * 1024;

export interface WebhookReceiver {
  readonly verify: VerifySignature;
  readonly inbox: Inbox;
  /** Called once the delivery is stored and answered; what it does is not waited for. */
  readonly wake: (stimulus: Exclude<Stimulus, { readonly kind: 'ignored' }>) => Promise<void>;
  readonly metrics: Metrics;
  readonly log: ReceiverLog;
  readonly now: () => Date;
}

export interface ReceiverLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

interface Answer {
  readonly http: 202 | 400 | 401 | 413 | 415 | 503;
  readonly end: WebhookEnd;
  readonly reason: string;
}

interface Signed {
  readonly event: string;
  readonly delivery: string;
  readonly raw: Buffer;
}

/** Answers a webhook: authentic, understood, stored; in this order, and nothing before the one before it. */
export async function receiveWebhook(
  receiver: WebhookReceiver,
  request: Request,
): Promise<Response> {
  const started = receiver.now().getTime();
  const event = request.headers.get('x-github-event') ?? '';
  const answer = await take(receiver, request);
  // An event's name is a metric's label only if it is one of ours: anybody may send any name.
  const label = answeredEvents.has(event) && answer.end !== 'unauthenticated' ? event : 'other';
  receiver.metrics.webhook(label, answer.end, (receiver.now().getTime() - started) / 1000);
  record(receiver, request, answer);
  return Response.json(
    { status: statusOf(answer.end), reason: answer.reason },
    { status: answer.http },
  );
}

/** The four words of the public answer; the metrics tell the refusals apart. */
function statusOf(end: WebhookEnd): 'accepted' | 'duplicate' | 'ignored' | 'refused' {
  return end === 'accepted' || end === 'duplicate' || end === 'ignored' ? end : 'refused';
}

async function take(receiver: WebhookReceiver, request: Request): Promise<Answer> {
  // Before the body: who does not even claim to be GitHub is not given 25 MB of memory.
  const signature = request.headers.get('x-hub-signature-256');
  if (signature === null) return refusal(401, 'unauthenticated', missingSignature(request.headers));

  const raw = await readCapped(request);
  if (raw === null) {
    return refusal(413, 'too_large', `the body is larger than ${maxBodyBytes} bytes`);
  }
  if (!(await isAuthentic(receiver.verify, raw, signature))) {
    const reason = 'the signature is not the one of this body under our secret';
    return refusal(401, 'unauthenticated', reason);
  }
  const headers = readHeaders(request.headers, raw);
  if ('http' in headers) return headers;
  return understand(receiver, headers);
}

const missingSignature = (headers: Headers): string =>
  headers.has('x-hub-signature')
    ? 'only a SHA-1 signature (X-Hub-Signature) was given; X-Hub-Signature-256 is needed'
    : 'no signature: X-Hub-Signature-256 is missing; set the webhook secret on the page of the GitHub App';

async function isAuthentic(
  verify: VerifySignature,
  raw: Buffer,
  signature: string,
): Promise<boolean> {
  const body = raw.toString('utf8');
  // The check throws on what it has no use for, such as an empty body.
  return body !== '' && verify(body, signature).catch(() => false);
}

function readHeaders(headers: Headers, raw: Buffer): Signed | Answer {
  const type = headers.get('content-type') ?? '';
  if (!/^application\/json(?:\s*;|$)/iu.test(type)) {
    return refusal(
      415,
      'refused',
      'the content type must be application/json: set it on the page of the GitHub App',
    );
  }
  const event = headers.get('x-github-event') ?? '';
  const delivery = headers.get('x-github-delivery') ?? '';
  if (!/^[a-z0-9_]{1,100}$/u.test(event)) {
    return refusal(400, 'refused', 'X-GitHub-Event is missing or no event name');
  }
  if (!/^[\w.:-]{1,200}$/u.test(delivery)) {
    return refusal(400, 'refused', 'X-GitHub-Delivery is missing or no delivery id');
  }
  return { event, delivery, raw };
}

async function understand(receiver: WebhookReceiver, signed: Signed): Promise<Answer> {
  const at = receiver.now().toISOString();
  const body = parse(signed.raw);
  if (body === undefined) return refusal(400, 'refused', 'the body is no JSON');
  const reading = readWebhook({ delivery: signed.delivery, event: signed.event, at }, body);
  if (reading.kind === 'refused') return refusal(400, 'refused', reading.reason);
  return store(receiver, signed, reading.stimulus, at);
}

/** Stored before it is answered: GitHub logs anything else as failed, and can be asked for it again. */
async function store(
  receiver: WebhookReceiver,
  signed: Signed,
  stimulus: Stimulus,
  at: string,
): Promise<Answer> {
  const delivery = deliveryOf(signed, stimulus, at);
  try {
    if (stimulus.kind === 'ignored') {
      await receiver.inbox.record(delivery, 'ignored', stimulus.reason);
      return { http: 202, end: 'ignored', reason: stimulus.reason };
    }
    const stored = await receiver.inbox.accept(delivery);
    if (stored === 'duplicate') {
      return {
        http: 202,
        end: 'duplicate',
        reason: 'this delivery, or this body, is known already',
      };
    }
  } catch (error) {
    receiver.log.error({ err: error, delivery: signed.delivery }, 'a webhook could not be stored');
    return refusal(503, 'unavailable', 'it could not be stored: deliver it again');
  }
  void receiver.wake(stimulus).catch((error: unknown) => {
    receiver.log.error(
      { err: error, delivery: signed.delivery },
      'a stored webhook woke nobody; the next one, or the next start, will',
    );
  });
  return { http: 202, end: 'accepted', reason: `${stimulus.kind} waits to be handled` };
}

const deliveryOf = (
  { delivery, event, raw }: Signed,
  stimulus: Stimulus,
  at: string,
): Delivery => ({
  id: delivery,
  event,
  action: stimulus.kind === 'ignored' ? stimulus.action : (stimulus.kind.split('.')[1] ?? null),
  repository: stimulus.repository?.full_name ?? null,
  installation: stimulus.installation,
  received_at: at,
  body_hash: createHash('sha256').update(raw).digest('hex'),
  // What was understood, not what was sent: kilobytes less, and nothing private that nobody reads.
  payload: { ...stimulus },
});

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The body, or null once it is more than GitHub would send: whoever sends more is not made to be read. */
async function readCapped(request: Request): Promise<Buffer | null> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body === null) return Buffer.alloc(0);
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const refusal = (http: Answer['http'], end: WebhookEnd, reason: string): Answer => ({
  http,
  end,
  reason,
});

function record({ log }: WebhookReceiver, request: Request, { end, http, reason }: Answer): void {
  const fields = {
    delivery: request.headers.get('x-github-delivery'),
    event: request.headers.get('x-github-event'),
    end,
    http,
    reason,
  };
  if (http < 400) log.info(fields, 'webhook');
  else log.warn(fields, 'webhook refused');
}
