import { Hono } from 'hono';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Person, Simulator } from '../face.ts';
import type { Validator } from '../validation/validator.ts';
import { acts, faultActs, fileIssue, forkRepository, openPullRequest } from './actions.ts';
import type { Form } from './actions.ts';
import { gitHubAs } from './github.ts';
import type { Answer, GitHub } from './github.ts';
import { checksPage, homePage, hooksPage, repositoryPage } from './home.ts';
import { issuePage, pullRequestPage } from './item.ts';
import { layout, root } from './layout.ts';
import type { Frame, Html } from './layout.ts';
import { createNotes } from './notes.ts';
import { style } from './style.ts';

const cookie = 'simulator_person';
const people: readonly Person[] = [
  'owner',
  'maintainer',
  'writer',
  'triager',
  'reader',
  'stranger',
];

/** GitHub's pages, as many as a human needs to take part; to be mounted under `/_simulator`. */
export function pageRoutes(simulator: Simulator, validator: Validator): Hono {
  const notes = createNotes();
  const app = new Hono();

  const gitHubOf = (context: Context): GitHub => gitHubAs(simulator, personOf(context));

  const show = async (
    context: Context,
    title: string,
    content: Html | Promise<Html>,
  ): Promise<Response> => {
    const frame: Frame = {
      person: personOf(context),
      people: people.map((person) => ({ person, login: simulator.people[person].login })),
      here: context.req.path,
      note: notes.take(context.req.query('note')),
    };
    context.header(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    return context.html(await layout(title, frame, await content));
  };

  /** Post, redirect, get: a reload never acts twice. */
  const back = (context: Context, to: string, answer: Answer<null>, done: string): Response => {
    const note = notes.leave(
      answer.ok
        ? { ok: true, text: done }
        : { ok: false, text: `GitHub would answer: ${answer.refusal}` },
    );
    return context.redirect(`${to}?note=${note}`, 303);
  };

  app.get('/style.css', (context) =>
    context.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
  app.get('/', (context) => show(context, 'Repositories', homePage(simulator, gitHubOf(context))));
  app.get('/hooks', (context) => show(context, 'Webhooks', hooksPage(simulator)));
  app.get('/checks', (context) => show(context, 'Validation', checksPage(validator.report())));

  app.post('/as', async (context) => {
    const { person, back: to = root } = await formOf(context);
    if (isPerson(person))
      setCookie(context, cookie, person, { path: root, httpOnly: true, sameSite: 'Strict' });
    return context.redirect(to === root || to.startsWith(`${root}/`) ? to : root, 303);
  });

  app.post('/faults', async (context) => {
    const { fault = '' } = await formOf(context);
    const act = Object.hasOwn(faultActs, fault) ? faultActs[fault] : undefined;
    act?.(simulator);
    return context.redirect(`${root}/hooks`, 303);
  });

  app.post('/hooks/:id{\\d+}', async (context) => {
    const id = Number(context.req.param('id'));
    const known = simulator.deliveries.some((delivery) => delivery.id === id);
    if (known) await simulator.redeliver(id);
    const answer: Answer<null> = known
      ? { ok: true, value: null }
      : { ok: false, refusal: '404 Not Found' };
    return back(context, `${root}/hooks`, answer, 'Delivered again.');
  });

  app.get('/repos/:owner/:name', (context) => {
    const repository = repositoryOf(context);
    const state = context.req.query('state') === 'closed' ? 'closed' : 'open';
    return show(context, repository, repositoryPage(gitHubOf(context), repository, state));
  });

  app.post('/repos/:owner/:name/issues', async (context) => {
    const repository = repositoryOf(context);
    const answer = await fileIssue(gitHubOf(context), repository, await formOf(context));
    return back(context, `${root}/repos/${repository}`, answer, 'Issue filed.');
  });

  app.post('/repos/:owner/:name/forks', async (context) => {
    const repository = repositoryOf(context);
    const answer = await forkRepository(gitHubOf(context), repository);
    return back(context, `${root}/repos/${repository}`, answer, 'Forked.');
  });

  app.post('/repos/:owner/:name/pulls', async (context) => {
    const repository = repositoryOf(context);
    const answer = await openPullRequest(gitHubOf(context), repository, await formOf(context));
    return back(context, `${root}/repos/${repository}`, answer, 'Pull request opened.');
  });

  app.get('/repos/:owner/:name/issues/:number{\\d+}', (context) => {
    const { repository, number } = itemOf(context);
    return show(
      context,
      `${repository}#${number}`,
      issuePage(gitHubOf(context), repository, number),
    );
  });

  app.get('/repos/:owner/:name/pull/:number{\\d+}', (context) => {
    const { repository, number } = itemOf(context);
    return show(
      context,
      `${repository}#${number}`,
      pullRequestPage(gitHubOf(context), repository, number, context.req.query('edit')),
    );
  });

  app.post('/repos/:owner/:name/:kind{issues|pull}/:number{\\d+}/:act', async (context) => {
    const item = itemOf(context);
    const name = context.req.param('act');
    const wanted = Object.hasOwn(acts, name) ? acts[name] : undefined;
    if (!wanted) return context.notFound();
    const answer = await wanted.act(gitHubOf(context), item, await formOf(context));
    return back(
      context,
      `${root}/repos/${item.repository}/${context.req.param('kind')}/${item.number}`,
      answer,
      wanted.done,
    );
  });

  return app;
}

function personOf(context: Context): Person {
  const chosen = getCookie(context, cookie);
  return isPerson(chosen) ? chosen : 'owner';
}

function isPerson(name: string | undefined): name is Person {
  return people.some((person) => person === name);
}

/** Decoded by the router, so encoded again wherever it goes into a path. */
function repositoryOf(context: Context): string {
  return ['owner', 'name']
    .map((part) => encodeURIComponent(context.req.param(part) ?? ''))
    .join('/');
}

function itemOf(context: Context): { repository: string; number: number } {
  return { repository: repositoryOf(context), number: Number(context.req.param('number')) };
}

async function formOf(context: Context): Promise<Form> {
  const form = await context.req.formData();
  return Object.fromEntries(
    [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
