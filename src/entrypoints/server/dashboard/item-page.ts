import { html } from 'hono/html';
import type {
  ApprovalView,
  ItemPage,
  ReasonView,
  TimelineEntry,
  VerdictView,
} from '../../../application/views/views.ts';
import {
  badge,
  inWords,
  itemName,
  layout,
  link,
  short,
  time,
  waitingLine,
  type Fragment,
} from './parts.ts';

/** One item: what it waits for, what policy says of it, who approved, and how it came here. */
export function itemPage(page: ItemPage): Fragment {
  const { item, repository, waiting, verdict, approvals, ignored, timeline } = page;
  return layout(
    `${itemName(item)} ${item.title}`,
    html`<section>
      <p class="crumbs">
        <a href="/dashboard">All items</a> / ${link(repository.url, repository.full_name)}
      </p>
      <h1>${item.title} <span class="number">${link(item.url, itemName(item))}</span></h1>
      <p class="state">${inWords(item.kind)}, in ${inWords(item.stage)} ${badge(item)}</p>
      ${item.held === null ? '' : html`<p class="note">${item.held}</p>`}
      ${item.note === null ? '' : html`<p class="note">${item.note}</p>`}
      ${
        waiting.length === 0
          ? ''
          : html`<h2>Waiting</h2>
              <ul class="waits">
                ${waiting.map((one) => waitingLine(repository.full_name, one))}
              </ul>`
      }
      ${verdict === null ? '' : verdictPart(verdict)}
      ${approvals.length === 0 ? '' : approvalsPart(approvals)}
      ${
        ignored.length === 0
          ? ''
          : html`<h2>Seen, and counted for nothing</h2>
              <ul class="plain">
                ${ignored.map(({ evidence, reason }) => html`<li><strong>${evidence}</strong> ${reason}</li>`)}
              </ul>`
      }
      <h2>History</h2>
      <ol class="timeline">
        ${timeline.map(timelineEntry)}
      </ol>
    </section>`,
  );
}

export const missingPage = (): Fragment =>
  layout(
    'Not found',
    html`<section>
      <h1>No such item</h1>
      <p>The ledger knows nothing of it. <a href="/dashboard">What waits for whom</a></p>
    </section>`,
  );

function verdictPart({ action, effect, satisfied, reasons }: VerdictView): Fragment {
  const tone = effect === 'deny' ? 'danger' : satisfied ? 'good' : 'attention';
  return html`<h2>What policy says</h2>
    <p>
      <code>${action}</code>
      <span class="badge ${tone}">${inWords(effect)}${satisfied ? ', satisfied' : ''}</span>
    </p>
    <ul class="tree">
      ${reasonNode(reasons)}
    </ul>`;
}

const reasonNode = ({ text, children }: ReasonView): Fragment =>
  html`<li>
    ${text}${
      children.length === 0
        ? ''
        : html`<ul>
            ${children.map(reasonNode)}
          </ul>`
    }
  </li>`;

const approvalsPart = (approvals: readonly ApprovalView[]): Fragment =>
  html`<h2>Approvals in force</h2>
    <ul class="plain">
      ${approvals.map(
        ({ gate, login, by, digest, at }) =>
          html`<li>
            <strong>${login}</strong> by ${by}, for <code>${gate}</code> on
            <code title="${digest}">${short(digest)}</code> <span class="muted">${time(at)}</span>
          </li>`,
      )}
    </ul>`;

const timelineEntry = ({ sequence, at, actor, type, text }: TimelineEntry): Fragment =>
  html`<li class="${actor.kind}">
    <div class="meta">
      ${time(at)} <span class="actor">${actor.login}</span>
      <span class="muted">${actor.kind} · event ${sequence} · ${type}</span>
    </div>
    <div>${text}</div>
  </li>`;
