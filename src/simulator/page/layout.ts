import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Person } from '../face.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** What every page knows: who acts, where they are, and what the last act came to. */
export interface Frame {
  readonly person: Person;
  readonly people: readonly { readonly person: Person; readonly login: string }[];
  /** Path of this page, to come back to after a change of person. */
  readonly here: string;
  readonly note: Note | null;
}

export interface Note {
  readonly ok: boolean;
  readonly text: string;
}

export const root = '/_simulator';

export function layout(title: string, frame: Frame, content: Html | readonly Html[]): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · simulated GitHub</title>
        <link rel="stylesheet" href="${root}/style.css" />
      </head>
      <body>
        <header>
          <div class="bar">
            <a class="brand" href="${root}">Simulated GitHub</a>
            <nav><a href="${root}/hooks">Webhooks</a> <a href="${root}/checks">Validation</a></nav>
          </div>
          ${personPicker(frame)}
        </header>
        <main>${frame.note && noteBox(frame.note)} ${content}</main>
      </body>
    </html>`;
}

function personPicker({ person: current, people, here }: Frame): Html {
  return html`<form class="people" method="post" action="${root}/as">
    <input type="hidden" name="back" value="${here}" />
    <span class="quiet">You are</span>
    ${people.map(
      ({ person, login }) =>
        html`<button
          name="person"
          value="${person}"
          title="${login}"
          aria-pressed="${person === current ? 'true' : 'false'}"
        >
          ${person}
        </button>`,
    )}
  </form>`;
}

function noteBox({ ok, text }: Note): Html {
  return html`<p class="note ${ok ? 'good' : 'bad'}" role="status">${text}</p>`;
}

/** A page that holds nothing but GitHub's refusal to show it. */
export function refusalBox(refusal: string): Html {
  return html`<p class="note bad">GitHub would answer: ${refusal}</p>`;
}

/** `2026-11-21T09:15:00Z` as people read it; the exact time on hover. */
export function moment(time: string | undefined): Html {
  return html`<time datetime="${time ?? ''}" title="${time ?? ''}"
    >${(time ?? '').slice(0, 16).replace('T', ' ')}</time
  >`;
}

export function who(user: { login: string; type: string } | null): Html {
  return html`<b>${user?.login ?? 'ghost'}</b
    >${user?.type === 'Bot' ? html` <span class="tag">bot</span>` : ''}`;
}

export function tag(text: string, kind = ''): Html {
  return html`<span class="tag ${kind}">${text}</span>`;
}
