import { html } from 'hono/html';
import type { ItemView, WaitingView } from '../../../application/views/views.ts';

/** Hono's `html` escapes every value put into it; what it returned is taken as it is. */
export type Fragment = ReturnType<typeof html>;

/** A page without script: what it shows is what was true when it was asked for; it asks again by itself every 15 s. */
export const layout = (
  title: string,
  body: Fragment,
  { refresh = true }: { readonly refresh?: boolean } = {},
): Fragment =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh ? html`<meta http-equiv="refresh" content="15" />` : ''}
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Assent</title>
        <link rel="stylesheet" href="/dashboard.css" />
      </head>
      <body>
        <header>
          <a class="brand" href="/">Assent</a
          ><span class="motto">Agents propose, humans assent, the repository remembers.</span>
        </header>
        <main>${body}</main>
      </body>
    </html>`;

/** A name, for people. */
export const inWords = (name: string): string => name.replaceAll('_', ' ');

const tones: Readonly<Record<string, string>> = {
  waiting_for_human: 'attention',
  waiting_for_information: 'attention',
  model_unavailable: 'pause',
  failed: 'danger',
  dead: 'danger',
  rejected: 'danger',
  expired: 'danger',
  terminated: 'muted',
  running: 'active',
  approved: 'good',
  overridden: 'good',
  resumed: 'active',
  completed: 'good',
};

export const badge = ({
  authority,
  headline,
}: Pick<ItemView, 'authority' | 'headline'>): Fragment =>
  html`<span class="badge ${tones[authority] ?? 'muted'}">${headline}</span>`;

/** GitHub addresses alone become links: a `javascript:` in a field must stay text. */
export const link = (url: string | null, text: string): Fragment =>
  url !== null && /^https?:\/\//u.test(url)
    ? html`<a href="${url}" rel="noreferrer">${text}</a>`
    : html`${text}`;

export const itemAddress = (repository: string, id: string): string => {
  const [owner = '', name = ''] = repository.split('/');
  return `/items/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/${encodeURIComponent(id)}`;
};

export const itemName = (item: Pick<ItemView, 'kind' | 'number'>): string =>
  item.kind === 'cycle' ? `cycle ${item.number}` : `#${item.number}`;

export const time = (at: string): Fragment => {
  const shown = Number.isNaN(Date.parse(at)) ? at : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  return html`<time datetime="${at}">${shown}</time>`;
};

export const waitingLine = (repository: string, waiting: WaitingView): Fragment =>
  html`<li class="wait ${waiting.human ? 'human' : ''}">
    <div class="whom">${waiting.whom}</div>
    <div class="what">
      <strong>${waiting.what}</strong>
      <div class="about">
        <a href="${itemAddress(repository, waiting.item.id)}"
          >${itemName(waiting.item)} ${waiting.item.title}</a
        >
        <span class="muted">since ${time(waiting.since)}</span>
      </div>
      ${waiting.how === null ? '' : html`<div class="how">${waiting.how}</div>`}
    </div>
  </li>`;

export const short = (digest: string): string => digest.slice(0, 7);
