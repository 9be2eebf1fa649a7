import { html } from 'hono/html';
import type { Fragment } from '../../../server/dashboard/parts.ts';
import { acts, persons, wordless } from './acts.ts';
import type { CycleView, DemoView, Link, Moment, RoadmapView, Row, Wait } from './view.ts';

/** What an act came to; shown once, above everything. */
export interface Note {
  readonly ok: boolean;
  readonly text: string;
}

export const demoPage = (view: DemoView, note: Note | null): Fragment =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <noscript><meta http-equiv="refresh" content="3" /></noscript>
        <title>${view.occasion.title} · Assent</title>
        <link rel="stylesheet" href="/demo/page.css" />
        <script src="/demo/page.js" defer></script>
      </head>
      <body>
        <header>
          <a class="brand" href="/">Assent</a
          ><span class="motto">Agents propose, humans assent, the repository remembers.</span>
        </header>
        <main>
          ${introduction(view)}
          ${
            note === null
              ? ''
              : html`<p class="notice ${note.ok ? '' : 'refused'}" role="status">${note.text}</p>`
          }
          <p class="notice refused" id="offline" hidden>
            The demo does not answer: it has ended, or is busy. What is below is from before.
          </p>
          <div id="live" data-from="/demo/live">${livePart(view)}</div>
        </main>
      </body>
    </html>`;

const introduction = ({ occasion }: DemoView): Fragment =>
  html`<section>
    <h1>${occasion.title}</h1>
    <p class="lead">${occasion.model.text}</p>
    ${occasion.notes.map((note) => html`<p class="lead">${note}</p>`)}
    <ul class="facts-line">
      <li class="chip">simulated GitHub</li>
      <li class="chip">
        ${{ tape: 'model: a tape', live: 'model: live', none: 'no model' }[occasion.model.kind]}
      </li>
      <li class="chip">
        ${occasion.played ? "the demo's humans act; you watch" : 'you are the human'}
      </li>
    </ul>
    ${(occasion.readings ?? []).map(
      ({ title, good, lines }) =>
        html`<div class="reading">
          <b class="${good ? 'good' : 'attention'}">${good ? '✓' : '!'} ${title}</b>
          ${
            lines.length === 0
              ? ''
              : html`<ul class="plain">
                  ${lines.map((line) => html`<li>${line}</li>`)}
                </ul>`
          }
        </div>`,
    )}
    <nav class="ways">
      ${anchor({ text: 'Act as anybody, on the simulated GitHub', href: `${occasion.github}/repos/${occasion.repository}` })}
      <a href="/dashboard">The service's dashboard</a>
    </nav>
  </section>`;

/** The part that changes: each list's children are replaced one by one, by their ids. */
export const livePart = (view: DemoView): Fragment =>
  html`<div data-list id="top">${[...banners(view)]}</div>
    <section aria-labelledby="waits-title">
      <h1 id="waits-title">${view.occasion.played ? 'Waits for a human' : 'Waits for you'}</h1>
      <div class="cards" data-list id="cards">
        ${view.waits.length === 0 ? calm(view) : view.waits.map((wait) => card(wait))}
      </div>
    </section>
    <div data-list id="rest">
      ${rowsPart(view)} ${cyclePart(view.cycle)} ${roadmapPart(view.roadmap)} ${timelinePart(view)}
      ${countsPart(view)}
    </div>`;

const calm = ({ open }: DemoView): Fragment =>
  html`<p class="calm" id="calm-${open ? 'open' : 'starting'}">
    ${open ? 'Nothing, at the moment: what is in progress is below.' : 'Assent is opening the repository…'}
  </p>`;

function* banners({ halted, faults, roadmap, occasion }: DemoView): Generator<Fragment> {
  if (halted !== null) yield html`<p class="banner danger" id="halted">${halted}</p>`;
  if (faults.length > 0) {
    yield html`<div class="banner danger" id="faults">
      <p><strong>Everything waits: the rules cannot be read.</strong></p>
      ${faults.map((fault) => html`<code>${fault}</code>`)}
    </div>`;
  }
  if (roadmap?.state === 'published') {
    yield html`<div class="banner good" id="done">
      <p><strong>All done: the roadmap is published, with a human's approval.</strong></p>
      <p>
        Everything that was proposed, decided and done stands in the repository. Check it, in
        another terminal, while this runs:
      </p>
      <code>npm run -s assent -- history verify ${occasion.directory}</code>
      <code>npm run -s assent -- history show ${occasion.directory} issue-1</code>
      <p>Ctrl-C in the terminal ends the demo and removes all of it.</p>
    </div>`;
  }
}

function card(wait: Wait): Fragment {
  const { key, name, title, whom, what, human, digest, summary, approved_by, ignored } = wait;
  // Its turn comes: the tape brings one after the other.
  const later = wait.acts.length === 0 && wait.hint !== null;
  return html`<article class="card ${human && !later ? 'human' : ''}" id="wait-${key}">
    <h3>${name} ${title}</h3>
    <p class="ask">
      <b>${whom.join(' and ') || 'nobody'}</b>:
      ${what}${digest === null ? '' : html` <code title="${digest}">${digest.slice(0, 12)}</code>`}
    </p>
    ${summary === null || later ? '' : html`<p class="plan">${summary}</p>`}
    ${
      approved_by.length === 0
        ? ''
        : html`<p class="ask">Approved so far: ${approved_by.join(', ')}</p>`
    }
    ${
      ignored.length === 0
        ? ''
        : html`<p class="ask">Seen, and counted for nothing:</p>
            <ul>
              ${ignored.map((one) => html`<li>${one}</li>`)}
            </ul>`
    }
    ${wait.acts.length === 0 ? '' : form(wait)}
    ${wait.hint === null ? '' : html`<p class="note">${wait.hint}</p>`}
    <div class="links">${wait.links.map(anchor)}</div>
  </article>`;
}

const form = ({ key, acts: offered, as }: Wait): Fragment =>
  html`<form class="act" method="post" action="/demo/act" autocomplete="off">
    <input type="hidden" name="wait" value="${key}" />
    <div class="who">
      <label for="as-${key}">as</label>
      <select id="as-${key}" name="person">
        ${persons.map(
          (person) =>
            html`<option value="${person}" ${person === as ? 'selected' : ''}>${person}</option>`,
        )}
      </select>
      ${
        offered.every((name) => wordless.has(name))
          ? ''
          : html`<input
              name="words"
              aria-label="What you say with it"
              placeholder="in your words"
            />`
      }
    </div>
    <div class="buttons">
      ${offered.map(
        (name) =>
          html`<button name="act" value="${name}" class="${acts[name].tone}">
            ${acts[name].label}
          </button>`,
      )}
    </div>
  </form>`;

const rowsPart = ({ rows }: DemoView): Fragment =>
  html`<section id="items">
    <h2>Items</h2>
    ${
      rows.length === 0
        ? html`<p class="calm">None yet.</p>`
        : html`<ul class="rows">
            ${rows.map(row)}
          </ul>`
    }
  </section>`;

const row = ({ id, name, title, steps, state, tone, note, pull_request, links }: Row): Fragment =>
  html`<li data-item="${id}">
    <div class="head">
      <span class="title"><span class="number">${name}</span> ${title}</span>
      <span class="badge ${tone}">${state}</span>
    </div>
    <ol class="steps" aria-label="Stages">
      ${steps.map(({ name: step, status }) => html`<li class="${status}">${step}</li>`)}
    </ol>
    <div class="foot">
      ${pull_request === null ? '' : html`<span>pull request ${anchor(pull_request)}</span> `}
      ${links.map(anchor)}${note === null ? '' : html`<span>${note}</span>`}
    </div>
  </li>`;

const cyclePart = ({ number, every, merges, short }: CycleView): Fragment =>
  html`<section id="cycle">
    <h2>
      Cycle ${number}
      <span class="count">${merges.length} of ${every} merges, then the roadmap is updated</span>
    </h2>
    ${short === null ? '' : html`<p class="note">${short}</p>`}
    <ol class="slots">
      ${Array.from({ length: every }, (_, index) => {
        const merge = merges[index];
        return merge === undefined
          ? html`<li>merge ${index + 1}</li>`
          : html`<li class="filled">${anchor(merge.pull_request)} ${merge.title}</li>`;
      })}
    </ol>
  </section>`;

const states: Readonly<Record<RoadmapView['state'], string>> = {
  waits: 'proposed, not on the default branch',
  published: 'published',
  ended: 'ended without being published',
};

const roadmapPart = (roadmap: RoadmapView | null): Fragment =>
  html`<section id="roadmap">
    <h2>Roadmap update</h2>
    ${
      roadmap === null
        ? html`<p class="calm">Not proposed yet: the governor does, when the cycle is full.</p>`
        : html`<p class="lead">
              Pull request ${anchor(roadmap.pull_request)}
              <span class="badge ${roadmap.state === 'published' ? 'good' : 'attention'}"
                >${states[roadmap.state]}</span
              >
            </p>
            ${roadmap.diff === '' ? '' : diffPart(roadmap.diff)}`
    }
  </section>`;

/** Git's own lines, without the four that name files. */
const diffPart = (diff: string): Fragment =>
  html`<div class="diff" role="figure" aria-label="What changes in ROADMAP.md">
    ${diff
      .split('\n')
      .filter((line) => /^(?:[-+](?![-+]{2} )|@@)/.test(line))
      .map(
        (line) => html`<div class="${diffTone(line)}">${line.replace(/^(@@.*?@@).*/, '$1')}</div>`,
      )}
  </div>`;

const diffTone = (line: string): string =>
  line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : 'hunk';

const timelinePart = ({ timeline, events }: DemoView): Fragment =>
  html`<section id="timeline">
    <h2>
      Timeline
      <span class="count"
        >${events === timeline.length ? `${events} events` : `the last ${timeline.length} of ${events} events`},
        newest first</span
      >
    </h2>
    ${
      timeline.length === 0
        ? html`<p class="calm">Nothing has happened yet.</p>`
        : html`<ol class="story" reversed>
            ${timeline.map(moment)}
          </ol>`
    }
  </section>`;

const moment = ({ at, kind, login, item, text }: Moment): Fragment =>
  html`<li class="${kind}">
    <time datetime="${at}">${at.slice(11, 19)}</time>
    <span>${item ?? ''}</span>
    <span><b>${login}</b> ${text}</span>
  </li>`;

const countsPart = ({ counts }: DemoView): Fragment =>
  html`<section id="counts">
    <h2>Counts</h2>
    <dl class="counts">
      ${(
        [
          ['requests to GitHub', counts.requests],
          ["commits on the ledger's branch", counts.commits],
          ['deliveries received', counts.received],
          ['duplicates dropped', counts.duplicates],
          ['deliveries refused', counts.refused],
        ] as const
      ).map(
        ([name, count]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${count}</dd>
          </div>`,
      )}
    </dl>
  </section>`;

/** Only addresses become links: whatever else somebody put there stays text. */
const anchor = ({ text, href }: Link): Fragment =>
  /^(?:https?:\/\/|\/)/.test(href)
    ? html`<a href="${href}" rel="noreferrer">${text}</a>`
    : html`${text}`;
