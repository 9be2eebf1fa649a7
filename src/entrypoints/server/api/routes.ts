import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ActEnd, Desk } from '../../../application/desk/desk.ts';
import type { SwitchVerb } from '../../../application/intake/switch.ts';
import type { Account } from '../../../ports/code-host.ts';
import type { SignIn } from '../sign-in.ts';
import { openApi } from './openapi.ts';
import { operations, type Operation } from './operations.ts';
import { agentName, bodies, itemsOf, repositoryOf, switchOf } from './schemas.ts';

export interface ApiParts {
  readonly desk: Desk;
  readonly signIn: SignIn;
  readonly version: string;
}

type Answer = Response | Promise<Response>;
type Handler = (context: Context, person: Account) => Answer;

const BODY_BYTES = 16_384;

/** `/api/v1`: what the dashboard shows, and the switch, for programs. Whoever asks is asked about at GitHub first. */
export function apiRoutes({ desk, signIn, version }: ApiParts): Hono {
  const routes = new Hono();
  // Counted as it is read: a body that does not say how long it is would otherwise be held whole, whoever sends it.
  routes.use('*', bodyLimit({ maxSize: BODY_BYTES, onError: tooLong }));
  const description = openApi(version);
  routes.get('/openapi.json', (context) => context.json(Object(description), 200, headers));

  const on = (operation: Operation, handler: Handler): void => {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    const fresh = operation.method === 'post';
    routes.on(operation.method.toUpperCase(), path, async (context) => {
      const token = bearer(context.req.header('authorization'));
      if (token === null) return problem(context, 401, 'auth.missing', noToken);
      const signed = await signIn(context, token, { fresh });
      switch (signed.kind) {
        case 'person':
          return handler(context, signed.person);
        case 'nobody':
          return problem(context, 401, 'auth.unknown', 'GitHub knows no person by this token');
        case 'later':
          context.header('retry-after', String(signed.seconds));
          return problem(context, 429, 'auth.limited', 'too many tokens that were nobody’s');
        case 'unavailable':
          return problem(context, 503, 'auth.unavailable', 'GitHub could not be asked who you are');
      }
    });
  };

  on(operations.repositories, async (context, person) => {
    const repositories = await desk.repositories(person);
    return write(context, 'Repositories', { repositories: repositories.map(repositoryOf) });
  });
  on(operations.repository, async (context, person) => {
    const view = await desk.repository(person, fullName(context));
    return view === null ? absent(context) : write(context, 'Repository', repositoryOf(view));
  });
  on(operations.items, async (context, person) => {
    const view = await desk.repository(person, fullName(context));
    return view === null ? absent(context) : write(context, 'Items', itemsOf(view));
  });
  on(operations.report, async (context, person) => {
    const page = await desk.report(person, fullName(context));
    return page === null ? absent(context) : write(context, 'Report', page);
  });
  on(operations.switch, async (context, person) => {
    const view = await desk.repository(person, fullName(context));
    return view === null ? absent(context) : write(context, 'Switch', switchOf(view));
  });
  on(operations.item, async (context, person) => {
    const id = context.req.param('item') ?? '';
    const page = await desk.item(person, fullName(context), id);
    if (page === 'no_repository') return absent(context);
    return page === null
      ? problem(context, 404, 'item.unknown', `the ledger knows no ${id.slice(0, 40)}`)
      : write(context, 'Item', page);
  });

  const act = async (context: Context, person: Account, verb: SwitchVerb, agent?: string) => {
    const given = await readAct(context);
    if (given === null) {
      return problem(
        context,
        400,
        'body.malformed',
        'takes {"reason": "…"}, at most 500 characters, or nothing',
      );
    }
    const rest = [...(agent === undefined ? [] : [agent]), ...(given === '' ? [] : [given])];
    const ended = await desk.act(person, fullName(context), { verb, rest: rest.join(' ') });
    return ended === null ? absent(context) : acted(context, ended);
  };
  on(operations.halt, (context, person) => act(context, person, 'halt'));
  on(operations.resume, (context, person) => act(context, person, 'resume'));
  const ofAgent =
    (verb: 'enable' | 'disable'): Handler =>
    (context, person) => {
      const agent = agentName.safeParse(context.req.param('agent'));
      return agent.success
        ? act(context, person, verb, agent.data)
        : problem(context, 404, 'agent.unknown', `agents are ${agentName.options.join(', ')}`);
    };
  on(operations.enable, ofAgent('enable'));
  on(operations.disable, ofAgent('disable'));

  routes.onError((error, context) => {
    // Whoever asks is not told no because GitHub is away.
    if (error.name !== 'CodeHostFault') throw error;
    return problem(context, 503, 'github.unavailable', 'GitHub could not be asked: try again');
  });
  routes.all('*', (context) => absent(context));
  return routes;
}

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

const noToken = 'send Authorization: Bearer TOKEN, a GitHub token of yours; it needs no permission';

const bearer = (header: string | undefined): string | null =>
  /^bearer\s+(\S+)$/iu.exec(header ?? '')?.[1] ?? null;

const fullName = (context: Context): string =>
  `${context.req.param('owner') ?? ''}/${context.req.param('name') ?? ''}`;

/** By its schema, which the description is made of: an answer that is not what it says fails here, and not at its reader. */
const write = (
  context: Context,
  name: keyof typeof bodies,
  body: unknown,
  status: ContentfulStatusCode = 200,
): Response => context.json(Object(bodies[name].parse(body)), status, headers);

const problem = (
  context: Context,
  status: ContentfulStatusCode,
  code: string,
  message: string,
): Response => write(context, 'Problem', { error: { code, message } }, status);

/** The same for what is not there and for what one may not read: the difference would be an answer. */
const absent = (context: Context): Response =>
  problem(
    context,
    404,
    'not_found',
    'there is nothing at this address, or nothing that you may read',
  );

function tooLong(context: Context): Response {
  // The rest of it is never read, so nothing can follow it on the same connection.
  context.header('connection', 'close');
  return problem(context, 413, 'body.too_long', `at most ${BODY_BYTES} bytes`);
}

async function readAct(context: Context): Promise<string | null> {
  const text = await context.req.text();
  if (text === '') return '';
  try {
    const parsed = bodies.Act.safeParse(JSON.parse(text));
    return parsed.success ? oneLine(parsed.data.reason ?? '') : null;
  } catch {
    return null;
  }
}

/** It stands in a history of lines and in a comment: a reason is a line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const statuses: Readonly<Record<ActEnd['end'], ContentfulStatusCode>> = {
  done: 200,
  requested: 200,
  unchanged: 200,
  accepted: 202,
  forbidden: 403,
  denied: 403,
  overtaken: 409,
  usage: 400,
  busy: 429,
};

function acted(context: Context, { end, text, repository }: ActEnd): Response {
  const status = statuses[end];
  if (end === 'busy') context.header('retry-after', '60');
  if (status >= 400) return problem(context, status, `switch.${end}`, text);
  return write(context, 'Acted', { end, text, switch: switchOf(repository) }, status);
}
