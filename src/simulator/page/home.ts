import { html } from 'hono/html';
import type { Delivery, FaultSwitches, Simulator } from '../face.ts';
import type { ValidationReport } from '../validation/validator.ts';
import { issues, repository } from './github.ts';
import type { GitHub, Issue, Repository } from './github.ts';
import { moment, refusalBox, root, tag, who } from './layout.ts';
import type { Html } from './layout.ts';

export async function homePage(simulator: Simulator, gitHub: GitHub): Promise<Html> {
  const seen = await Promise.all(
    simulator.repositories.map(({ fullName }) => gitHub.get(`/repos/${fullName}`, repository)),
  );
  const visible = seen.flatMap((answer) => (answer.ok ? [answer.value] : []));
  const hidden = seen.length - visible.length;
  return html`<h1>Repositories</h1>
    <ul class="list">
      ${visible.map(
        (one) =>
          html`<li>
            <a class="title" href="${root}/repos/${one.full_name}">${one.full_name}</a>
            ${one.private ? tag('private') : ''}
            <div class="quiet small">
              ${one.description} <code>git clone ${one.clone_url}</code>
            </div>
          </li>`,
      )}
      ${visible.length === 0 ? html`<li class="quiet">None that ${gitHub.login} may see.</li>` : ''}
    </ul>
    ${hidden > 0 ? html`<p class="quiet small">${hidden} more that ${gitHub.login} may not see.</p>` : ''}
    <p class="quiet small">
      Webhooks go to
      ${simulator.webhookUrl === null ? 'nobody' : html`<code>${simulator.webhookUrl}</code>`}.
    </p>`;
}

export async function repositoryPage(
  gitHub: GitHub,
  name: string,
  state: 'open' | 'closed',
): Promise<Html> {
  const [found, listed] = await Promise.all([
    gitHub.get(`/repos/${name}`, repository),
    gitHub.get(`/repos/${name}/issues?state=${state}&per_page=100`, issues),
  ]);
  if (!found.ok) return refusalBox(found.refusal);
  const items = listed.ok ? listed.value : [];
  const pulls = items.filter(({ pull_request: pull }) => pull !== undefined);
  const plain = items.filter(({ pull_request: pull }) => pull === undefined);
  const here = `${root}/repos/${name}`;
  return html`<h1>${name} ${found.value.private ? tag('private') : ''}</h1>
    <p class="quiet small"><code>git clone ${found.value.clone_url}</code></p>
    <p>
      ${state === 'open' ? html`<b>Open</b> · <a href="${here}?state=closed">Closed</a>` : html`<a href="${here}">Open</a> · <b>Closed</b>`}
    </p>
    ${listed.ok ? '' : refusalBox(listed.refusal)}
    <h2>Pull requests</h2>
    ${itemList(name, pulls)}
    <h2>Issues</h2>
    ${itemList(name, plain)} ${forkForm(here, gitHub)} ${pullForm(here, found.value, gitHub)}
    <h2>New issue</h2>
    <form class="card" method="post" action="${here}/issues">
      <p><input class="wide" name="title" placeholder="Title" aria-label="Title" required /></p>
      <p>
        <textarea
          name="body"
          placeholder="What happened, what you expected"
          aria-label="Body"
        ></textarea>
      </p>
      <div class="row"><button class="main">File it as ${gitHub.login}</button></div>
    </form>`;
}

function forkForm(here: string, { login }: GitHub): Html {
  return html`<form class="row" method="post" action="${here}/forks">
    <button>Fork as ${login}</button>
    <span class="quiet small">For who may not push here: push to the fork by git.</span>
  </form>`;
}

function pullForm(here: string, { default_branch: base }: Repository, { login }: GitHub): Html {
  return html`<h2>New pull request</h2>
    <form class="card" method="post" action="${here}/pulls">
      <input type="hidden" name="base" value="${base}" />
      <p><input class="wide" name="title" placeholder="Title" aria-label="Title" required /></p>
      <div class="row">
        <input
          name="head"
          placeholder="branch, or ${login}:branch of a fork"
          aria-label="Branch"
          size="32"
          required
        />
        <span class="quiet small">into <code>${base}</code></span>
        <button class="main">Open it as ${login}</button>
      </div>
    </form>`;
}

function itemList(name: string, items: readonly Issue[]): Html {
  if (items.length === 0) return html`<p class="quiet">None.</p>`;
  return html`<ul class="list">
    ${items.map(
      (item) =>
        html`<li>
          ${stateTag(item)}
          <a
            class="title"
            href="${root}/repos/${name}/${item.pull_request ? 'pull' : 'issues'}/${item.number}"
            >${item.title}</a
          >
          ${item.labels.map((label) => html`${tag(label.name)} `)}
          <div class="quiet small">
            #${item.number} by ${who(item.user)},
            ${moment(item.created_at)}${item.comments > 0 ? `, ${item.comments} comments` : ''}
          </div>
        </li>`,
    )}
  </ul>`;
}

function stateTag({ state, draft, pull_request: pull }: Issue): Html {
  if (typeof pull?.merged_at === 'string') return tag('merged', 'done');
  if (draft === true && state === 'open') return tag('draft');
  return tag(state, state === 'open' ? 'good' : 'bad');
}

export function hooksPage({ deliveries, faults }: Simulator): Html {
  const latest = deliveries.slice(-100).toReversed();
  return html`<h1>Webhooks</h1>
    <p class="quiet small">
      ${deliveries.length} deliveries, the latest first. Redelivery sends the same id again, as
      GitHub does when asked.
    </p>
    ${faultBar(faults)}
    <ul class="list">
      ${latest.map((delivery) => html`<li>${deliveryLine(delivery)}</li>`)}
    </ul>`;
}

/** The switches a human wants at hand; all of them are in docs/simulator.md. */
function faultBar(faults: FaultSwitches): Html {
  const on = [
    [faults.duplicateDeliveries, 'sent twice'],
    [faults.dropDeliveries, 'not sent'],
    [faults.reorderDeliveries, 'sent last first'],
  ].flatMap(([count, how]) => (count === 0 ? [] : [`the next ${count} ${how}`]));
  const failing = faults.requests.map(
    ({ status, count }) => `${count} requests answered ${status}`,
  );
  const active = [...on, ...failing];
  return html`<form class="row" method="post" action="${root}/faults">
    <button name="fault" value="duplicate">Send the next twice</button>
    <button name="fault" value="drop">Lose the next</button>
    <button name="fault" value="reorder">Swap the next two</button>
    <button name="fault" value="outage">Fail the App’s next request</button>
    ${active.length === 0 ? '' : html`${tag(active.join(', '), 'wait')} <button name="fault" value="none">Off</button>`}
  </form>`;
}

function deliveryLine({
  id,
  guid,
  event,
  action,
  status,
  statusCode,
  redelivery,
  deliveredAt,
}: Delivery): Html {
  const reached = statusCode >= 200 && statusCode < 300;
  return html`<form class="line" method="post" action="${root}/hooks/${id}">
    <div>
      <b>${event}${action === null ? '' : `.${action}`}</b> ${tag(status, reached ? 'good' : 'bad')}
      ${redelivery ? tag('redelivery', 'wait') : ''}
      <div class="quiet small">
        ${moment(deliveredAt)} · <a href="${root}/deliveries/${id}"><code>${guid}</code></a>
      </div>
    </div>
    <button>Redeliver</button>
  </form>`;
}

export function checksPage(report: ValidationReport): Html {
  const { mismatches } = report;
  return html`<h1>Validation</h1>
    <p>
      ${report.requests} requests, ${report.responses} answers, ${report.webhooks} webhooks and
      ${report.graphql} GraphQL exchanges were held against GitHub's own description
      <span class="quiet">(${report.description})</span>.
    </p>
    <p class="note ${mismatches.length === 0 ? 'good' : 'bad'}">
      ${mismatches.length === 0 ? 'No mismatch.' : `${mismatches.length} mismatches.`}
    </p>
    ${
      mismatches.length > 0
        ? html`<ul class="list">
            ${mismatches.map(
              ({ kind, operation, where, message, count, example }) =>
                html`<li>
                  <b>${kind} ${operation}</b> ${where} ${message}
                  <span class="quiet small">${count}×, first in ${example}</span>
                </li>`,
            )}
          </ul>`
        : ''
    }`;
}
