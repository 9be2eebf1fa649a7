import { html } from 'hono/html';
import type { RepositoryView } from '../../../application/views/views.ts';
import { agentNames } from '../../../domain/work-item/state.ts';
import { layout, time, type Fragment } from '../dashboard/parts.ts';

/** Somebody is typing here: it does not load itself anew. */
const page = (title: string, body: Fragment): Fragment => layout(title, body, { refresh: false });

/** `message`: what is to be said once, such as why it did not work. */
export const signInPage = (path: string, message: string | null): Fragment =>
  page(
    'Sign in',
    html`<section>
      <p class="crumbs"><a href="/dashboard">What waits for whom</a></p>
      <h1>Who are you?</h1>
      ${said(message)}
      <p>
        Sign in with a GitHub token of your own. It only says who you are, so one
        <strong>without any permission</strong> is the best to give: a fine-grained token with no
        repository access. What you may do is asked of GitHub.
      </p>
      <form method="post" action="/control/sign-in">
        <input type="hidden" name="path" value="${path}" />
        <label for="token">GitHub token</label>
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="off"
          required
          maxlength="1000"
        />
        <button type="submit">Sign in</button>
      </form>
      <p class="note">
        It is kept in this process’s memory for a quarter of an hour, and asked about at GitHub
        before each act.
      </p>
    </section>`,
  );

export interface SignedInAs {
  readonly login: string;
  readonly csrf: string;
  readonly message: string | null;
}

export const controlPage = (view: RepositoryView, as: SignedInAs): Fragment => {
  const { full_name, halted, requests, disabled_agents } = view;
  const going = requests.filter(({ agent }) => agent === null);
  return page(
    `The switch of ${full_name}`,
    html`<section class="control">
      <p class="crumbs"><a href="/dashboard">What waits for whom</a> / ${full_name}</p>
      <h1>The switch</h1>
      ${said(as.message)}
      ${
        halted === null
          ? html`<p class="switch on">
              <span><strong>Running.</strong> Effects are carried out.</span>
            </p>`
          : html`<p class="switch off">
              <span
                ><strong>Halted</strong> by ${halted.by} since ${time(halted.since)}:
                ${halted.reason}</span
              >
            </p>`
      }
      ${going.map(
        ({ by, since, reason }) =>
          html`<p class="banner attention">
            ${by} asked to resume at ${time(since)}: ${reason}. It takes somebody else, too.
          </p>`,
      )}
      ${
        halted === null || going.length > 0
          ? actForm(
              full_name,
              as,
              'halt',
              halted === null ? 'Stop everything' : 'Not yet: stay halted',
              'danger',
            )
          : ''
      }
      ${halted === null ? '' : actForm(full_name, as, 'resume', 'Resume', 'plain')}
      <h2>Agents</h2>
      <ul class="agents">
        ${agentNames.map((agent) => {
          const off = disabled_agents.includes(agent);
          const asked = requests.find((one) => one.agent === agent);
          return html`<li>
            <span class="agent">${agent}</span>
            <span class="badge ${off ? 'danger' : 'good'}">${off ? 'off' : 'on'}</span>
            ${asked === undefined ? '' : html`<span class="note">${asked.by} asked to enable it; it takes somebody else, too</span>`}
            ${actForm(full_name, as, off ? 'enable' : 'disable', off ? 'Switch on' : 'Switch off', 'plain', agent)}
          </li>`;
        })}
      </ul>
      <form method="post" action="/control/sign-out" class="sign-out">
        <input type="hidden" name="csrf" value="${as.csrf}" />
        <span class="note">Signed in as ${as.login}.</span>
        <button type="submit" class="plain">Sign out</button>
      </form>
    </section>`,
  );
};

const said = (message: string | null): Fragment | '' =>
  message === null ? '' : html`<p class="banner attention" role="status">${message}</p>`;

function actForm(
  repository: string,
  { csrf }: SignedInAs,
  verb: string,
  label: string,
  tone: 'danger' | 'plain',
  agent?: string,
): Fragment {
  const reason = `reason-${verb}${agent === undefined ? '' : `-${agent}`}`;
  return html`<form method="post" action="/control/${repository}" class="act">
    <input type="hidden" name="csrf" value="${csrf}" />
    <input type="hidden" name="verb" value="${verb}" />
    ${agent === undefined ? '' : html`<input type="hidden" name="agent" value="${agent}" />`}
    <label for="${reason}" class="unseen">${label}: why</label>
    <input id="${reason}" name="reason" maxlength="500" placeholder="why" />
    <button type="submit" class="${tone}">${label}</button>
  </form>`;
}

export const noRepositoryPage = (): Fragment =>
  page(
    'Not found',
    html`<section>
      <h1>No such repository</h1>
      <p>
        Assent does not work on it, or you may not read it.
        <a href="/dashboard">What waits for whom</a>
      </p>
    </section>`,
  );
