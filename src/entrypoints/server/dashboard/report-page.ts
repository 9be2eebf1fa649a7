import { html } from 'hono/html';
import type { NoteView, ReportPage } from '../../../application/views/views.ts';
import {
  duration,
  money,
  percent,
  withShare,
  type Figures,
} from '../../../domain/effectiveness/figures.ts';
import { agentNames, type AgentName } from '../../../domain/work-item/state.ts';
import { barChart, type Bar } from './bar-chart.ts';
import { inWords, itemAddress, layout, link, time, type Fragment } from './parts.ts';

/** What the agents did, what people made of it, what it cost; and what of it is remembered. */
export function reportPage({ repository, sequence, total, cycles, memory }: ReportPage): Fragment {
  const { full_name, url } = repository;
  return layout(
    `Report of ${full_name}`,
    html`<section>
        <p class="crumbs"><a href="/dashboard">What waits for whom</a> / ${link(url, full_name)}</p>
        <h1>What the agents did <span class="count">counted up to event ${sequence}</span></h1>
        ${figuresTable(total)}
        <p class="calm">
          At first: decided by a human as it was first proposed. In vain: of the tokens, those that
          led to no proposal. Wait: median time a question waited for a human.
        </p>
        ${cycles.length < 2 ? '' : byCycle(cycles)}
      </section>
      ${memorySection(full_name, memory)}`,
    { refresh: false },
  );
}

const columns: readonly (readonly [string, (figures: Figures) => string])[] = [
  ['Proposed', ({ proposals }) => String(proposals)],
  ['At first', (of) => withShare(of.accepted_at_first, of.acceptance_at_first)],
  ['Later', ({ accepted_after_rework: later }) => String(later)],
  ['Rejected', ({ rejected }) => String(rejected)],
  ['Failed', ({ failed }) => String(failed)],
  ['Tokens', ({ tokens }) => tokens.toLocaleString('en')],
  ['In vain', ({ tokens_in_vain: vain }) => vain.toLocaleString('en')],
  ['USD', money],
  ['Wait', ({ median_wait_seconds: seconds }) => duration(seconds)],
];

const figuresTable = (total: ReportPage['total']): Fragment =>
  html`<table class="figures">
    <thead>
      <tr>
        <th>Agent</th>
        ${columns.map(([name]) => html`<th>${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${agentNames.map(
        (agent) =>
          html`<tr>
            <td class="agent">${agent}</td>
            ${columns.map(([name, cell]) => html`<td data-label="${name}">${cell(total[agent])}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;

/** Whether it gets better: two small charts an agent, a bar a cycle. Agents that did nothing have none. */
function byCycle(cycles: ReportPage['cycles']): Fragment {
  const active = agentNames.filter((agent) =>
    cycles.some(({ agents }) => agents[agent].runs > 0 || agents[agent].proposals > 0),
  );
  const most = Math.max(
    1,
    ...active.flatMap((agent) => cycles.map(({ agents }) => agents[agent].tokens)),
  );
  return html`<h2>By cycle</h2>
    <div class="charts">
      ${active.map(
        (agent) =>
          html`<figure>
            <figcaption>${agent}</figcaption>
            ${isDecidedOn(cycles, agent) ? barChart('accepted at first', acceptanceBars(cycles, agent), 1) : ''}
            ${barChart('tokens', tokenBars(cycles, agent), most)}
          </figure>`,
      )}
    </div>`;
}

const isDecidedOn = (cycles: ReportPage['cycles'], agent: AgentName): boolean =>
  cycles.some(({ agents }) => agents[agent].acceptance_at_first !== null);

const acceptanceBars = (cycles: ReportPage['cycles'], agent: AgentName): readonly Bar[] =>
  cycles.map(({ cycle, agents }) => {
    const share = agents[agent].acceptance_at_first;
    return {
      name: `cycle ${cycle}`,
      value: share,
      says: share === null ? 'nothing decided' : percent(share),
    };
  });

const tokenBars = (cycles: ReportPage['cycles'], agent: AgentName): readonly Bar[] =>
  cycles.map(({ cycle, agents }) => {
    const { tokens } = agents[agent];
    return { name: `cycle ${cycle}`, value: tokens, says: tokens.toLocaleString('en') };
  });

const memorySection = (repository: string, { notes, more }: ReportPage['memory']): Fragment =>
  html`<section>
    <h2>
      What is remembered <span class="count">${notes.length + more} notes, the newest first</span>
    </h2>
    ${
      notes.length === 0
        ? html`<p class="calm">
            Nothing yet: notes are made of what people decide and of what failed.
          </p>`
        : html`<ol class="timeline">
            ${notes.map((note) => noteEntry(repository, note))}
          </ol>`
    }
    ${more === 0 ? '' : html`<p class="calm">And ${more} older: <code>assent memory DIR</code>.</p>`}
  </section>`;

const noteEntry = (repository: string, { kind, item, title, text, by, at }: NoteView): Fragment =>
  html`<li class="${by === null ? 'system' : 'human'}">
    <div class="meta">
      ${time(at)} <span class="actor">${by ?? 'assent'}</span>
      <span class="muted">${inWords(kind)}</span>
    </div>
    <div><a href="${itemAddress(repository, item)}">${item}</a> ${title}</div>
    ${text === '' || text === title ? '' : html`<div class="note">${text}</div>`}
  </li>`;
