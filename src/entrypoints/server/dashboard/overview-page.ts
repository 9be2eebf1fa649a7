import { html } from 'hono/html';
import type {
  DeliveriesView,
  ItemView,
  Overview,
  RepositoryView,
  SetAsideView,
} from '../../../application/views/views.ts';
import {
  badge,
  itemAddress,
  itemName,
  layout,
  link,
  short,
  time,
  waitingLine,
  type Fragment,
} from './parts.ts';

/** What waits for whom, first; then everything else. */
export function overviewPage({ at, repositories, deliveries }: Overview): Fragment {
  return layout(
    'What waits for whom',
    html`${
        repositories.length === 0
          ? html`<section>
              <h1>No repository yet</h1>
              <p>Install the GitHub App on a repository; it appears here with its first event.</p>
            </section>`
          : repositories.map(repositorySection)
      }
      ${deliveriesSection(deliveries)}
      <footer>As of ${time(at)}. Approve and hold on GitHub, by review, label or comment.</footer>`,
  );
}

function repositorySection(repository: RepositoryView): Fragment {
  const { full_name, url, waiting, items, faults } = repository;
  const humans = waiting.filter(({ human }) => human).length;
  return html`<section>
    <h1>${link(url, full_name)}</h1>
    ${switchLine(repository)}
    ${
      faults.length === 0
        ? ''
        : html`<div class="banner danger">
            <strong>Everything waits until a human mends this.</strong>
            <ul>
              ${faults.map((fault) => html`<li><code>${fault}</code></li>`)}
            </ul>
            ${
              repository.ledger.foreign_patch === null
                ? ''
                : html`<details>
                    <summary>What stands on the branch and Assent did not write</summary>
                    <pre>${repository.ledger.foreign_patch}</pre>
                  </details>`
            }
          </div>`
    }
    ${repository.ledger.set_aside.map(setAsideLine)}
    <h2>
      Waiting
      <span class="count"
        >${humans === 0 ? 'for no human' : `for ${humans} ${humans === 1 ? 'act' : 'acts'} of a human`}</span
      >
    </h2>
    ${
      waiting.length === 0
        ? html`<p class="calm">Nothing waits.</p>`
        : html`<ul class="waits">
            ${waiting.map((one) => waitingLine(full_name, one))}
          </ul>`
    }
    <h2>Items <span class="count">${items.length} open</span></h2>
    ${items.length === 0 ? html`<p class="calm">No open items.</p>` : itemTable(full_name, items)}
    ${facts(repository)}
  </section>`;
}

/** The work goes on; somebody should know all the same. */
const setAsideLine = ({ at, reason, authors, url }: SetAsideView): Fragment =>
  html`<p class="banner">
    Set aside from the ledger
    ${time(at)}${authors.length === 0 ? '' : `, by ${authors.join(', ')}`}:
    ${reason}${url === null ? '' : html` ${link(url, 'What it was')}`}
  </p>`;

/** First of all: whether anything is done at all, and the way to stop it. */
function switchLine({ full_name, halted, disabled_agents, requests }: RepositoryView): Fragment {
  const without = disabled_agents.length === 0 ? '' : `, without ${disabled_agents.join(', ')}`;
  const asked = requests.map(
    ({ by, act, agent }) => `${by} asked to ${act}${agent === null ? '' : ` the ${agent}`}`,
  );
  return html`<p class="switch ${halted === null ? 'on' : 'off'}">
    <span
      >${
        halted === null
          ? html`<strong>Running</strong>${without}`
          : html`<strong>Halted</strong> by ${halted.by} since ${time(halted.since)}:
              ${halted.reason}`
      }${asked.length === 0 ? '' : html`<br />${asked.join('; ')}; it takes somebody else, too`}</span
    >
    <a href="/control/${full_name}">${halted === null ? 'Stop…' : 'Resume…'}</a>
  </p>`;
}

const itemTable = (repository: string, items: readonly ItemView[]): Fragment =>
  html`<table class="items">
    <thead>
      <tr>
        <th>Item</th>
        <th>State</th>
      </tr>
    </thead>
    <tbody>
      ${items.map(
        (item) =>
          html`<tr>
            <td class="title">
              <a href="${itemAddress(repository, item.id)}"
                ><span class="number">${itemName(item)}</span> ${item.title}</a
              >${item.note === null ? '' : html`<div class="note">${item.note}</div>`}
            </td>
            <td data-label="State">
              ${badge(item)}${item.held === null ? '' : html`<div class="note">${item.held}</div>`}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;

function facts({ full_name, cycle, ledger }: RepositoryView): Fragment {
  return html`<dl class="facts">
    <div>
      <dt>Cycle ${cycle.number}</dt>
      <dd>
        <meter min="0" max="${cycle.every}" value="${cycle.merges}"></meter> ${cycle.merges} of
        ${cycle.every} merges
      </dd>
    </div>
    <div>
      <dt>Ledger</dt>
      <dd>
        ${ledger.branch}, event ${ledger.sequence},
        <code title="${ledger.hash}">${short(ledger.hash)}</code>
      </dd>
    </div>
    <div>
      <dt>Agents</dt>
      <dd><a href="/report/${full_name}">What they did, and what is remembered</a></dd>
    </div>
  </dl>`;
}

function deliveriesSection({ received, duplicates, waiting, recent }: DeliveriesView): Fragment {
  return html`<section>
    <h2>
      Deliveries
      <span class="count"
        >${received} received, ${duplicates} duplicates dropped, ${waiting} waiting</span
      >
    </h2>
    ${
      recent.length === 0
        ? html`<p class="calm">None yet.</p>`
        : html`<details>
            <summary>The last ${recent.length}</summary>
            <table class="deliveries">
              <thead>
                <tr>
                  <th>Received</th>
                  <th>Event</th>
                  <th>Outcome</th>
                </tr>
              </thead>
              <tbody>
                ${recent.map(
                  (one) =>
                    html`<tr>
                      <td>${time(one.at)}</td>
                      <td data-label="Event">
                        ${one.event}${one.action === null ? '' : ` ${one.action}`}${one.repository === null ? '' : html`<div class="note">${one.repository}</div>`}
                      </td>
                      <td data-label="Outcome">
                        ${one.outcome ?? 'waiting'}${one.reason === null ? '' : html`<div class="note">${one.reason}</div>`}
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </details>`
    }
  </section>`;
}
