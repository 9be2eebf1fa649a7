import { html } from 'hono/html';
import {
  changedFiles,
  checkRuns,
  comments,
  file,
  issue,
  labels,
  pullRequest,
  reviews,
} from './github.ts';
import type {
  Answer,
  ChangedFile,
  CheckRun,
  Comment,
  File,
  GitHub,
  Label,
  PullRequest,
  Review,
} from './github.ts';
import { moment, refusalBox, root, tag, who } from './layout.ts';
import type { Html } from './layout.ts';

export async function issuePage(gitHub: GitHub, name: string, number: number): Promise<Html> {
  const [found, said, known] = await Promise.all([
    gitHub.get(`/repos/${name}/issues/${number}`, issue),
    gitHub.get(`/repos/${name}/issues/${number}/comments?per_page=100`, comments),
    gitHub.get(`/repos/${name}/labels?per_page=100`, labels),
  ]);
  if (!found.ok) return refusalBox(found.refusal);
  const { title, state, user, body, created_at: created, labels: set } = found.value;
  const here = `${root}/repos/${name}/issues/${number}`;
  return html`${breadcrumb(name)}
    <h1>${title} <span class="quiet">#${number}</span></h1>
    <p>
      ${tag(state, state === 'open' ? 'good' : 'bad')}
      <span class="quiet">filed by ${who(user)}, ${moment(created)}</span>
    </p>
    ${labelBar(here, set, valueOr(known, []))}
    <div class="card">
      <div class="text">${body ?? html`<span class="quiet">No description.</span>`}</div>
    </div>
    ${valueOr(said, []).map(commentCard)} ${commentForm(here, gitHub)} ${stateForm(here, state)}`;
}

export async function pullRequestPage(
  gitHub: GitHub,
  name: string,
  number: number,
  editing: string | undefined,
): Promise<Html> {
  const found = await gitHub.get(`/repos/${name}/pulls/${number}`, pullRequest);
  if (!found.ok) return refusalBox(found.refusal);
  const pull = found.value;
  const [said, judged, changed, known, runs] = await Promise.all([
    gitHub.get(`/repos/${name}/issues/${number}/comments?per_page=100`, comments),
    gitHub.get(`/repos/${name}/pulls/${number}/reviews?per_page=100`, reviews),
    gitHub.get(`/repos/${name}/pulls/${number}/files?per_page=100`, changedFiles),
    gitHub.get(`/repos/${name}/labels?per_page=100`, labels),
    gitHub.get(`/repos/${name}/commits/${pull.head.sha}/check-runs?per_page=100`, checkRuns),
  ]);
  const here = `${root}/repos/${name}/pull/${number}`;
  return html`${breadcrumb(name)}
    <h1>${pull.title} <span class="quiet">#${number}</span></h1>
    ${summaryLine(pull)} ${labelBar(here, pull.labels, valueOr(known, []))}
    <div class="card">
      <div class="text">${pull.body ?? html`<span class="quiet">No description.</span>`}</div>
    </div>
    ${conversation(valueOr(said, []), valueOr(judged, []), pull, here)}
    <h2>Checks</h2>
    ${checkList(runs)}
    <h2>Changes</h2>
    ${editing === undefined ? '' : await editForm(gitHub, name, pull, here, editing)}
    ${changed.ok ? changed.value.map((one) => diff(one, here, pull.state === 'open')) : refusalBox(changed.refusal)}
    ${pull.state === 'open' ? html`<h2>Say something</h2>` : ''}
    ${pull.state === 'open' ? reviewForm(here, pull, gitHub) : ''} ${commentForm(here, gitHub)}
    ${pull.state === 'open' ? mergeForm(here, pull, gitHub) : ''}
    ${pull.merged ? '' : stateForm(here, pull.state)}`;
}

function valueOr<T>(answer: Answer<T>, otherwise: T): T {
  return answer.ok ? answer.value : otherwise;
}

function breadcrumb(name: string): Html {
  return html`<p class="small"><a href="${root}/repos/${name}">${name}</a></p>`;
}

function summaryLine(pull: PullRequest): Html {
  const [state, kind] = pull.merged
    ? ['merged', 'done']
    : pull.state === 'closed'
      ? ['closed', 'bad']
      : pull.draft
        ? ['draft', '']
        : ['open', 'good'];
  return html`<p>
    ${tag(state, kind)} ${pull.mergeable === false ? tag('conflicts', 'bad') : ''}
    <span class="quiet">
      by ${who(pull.user)}, ${moment(pull.created_at)}: <code>${pull.head.ref}</code> into
      <code>${pull.base.ref}</code>, head
      <code>${pull.head.sha.slice(0, 7)}</code>
    </span>
  </p>`;
}

function labelBar(here: string, set: readonly Label[], known: readonly Label[]): Html {
  const others = known.filter(({ name }) => set.every((label) => label.name !== name));
  return html`<div class="labels">
    ${set.map(
      ({ name }) =>
        html`<form method="post" action="${here}/unlabel">
          <button name="label" value="${name}" title="Remove ${name}">${name} ×</button>
        </form>`,
    )}
    <form method="post" action="${here}/label">
      <input
        name="label"
        list="labels"
        placeholder="Add a label"
        aria-label="Add a label"
        size="14"
        required
      />
      <datalist id="labels">
        ${others.map(({ name }) => html`<option value="${name}"></option>`)}
      </datalist>
      <button>Add</button>
    </form>
  </div>`;
}

function commentCard({ user, body, created_at: created, updated_at: updated }: Comment): Html {
  return html`<div class="card">
    <div class="quiet small">
      ${who(user)} commented ${moment(created)}${updated === created ? '' : ' (edited)'}
    </div>
    <div class="text">${body}</div>
  </div>`;
}

/** Comments and reviews in the order in which they were given. */
function conversation(
  said: readonly Comment[],
  judged: readonly Review[],
  pull: PullRequest,
  here: string,
): Html {
  const entries = [
    ...said.map((comment) => ({ at: comment.created_at, card: commentCard(comment) })),
    ...judged.map((review) => ({
      at: review.submitted_at ?? '',
      card: reviewCard(review, pull, here),
    })),
  ];
  return html`${entries.toSorted((a, b) => a.at.localeCompare(b.at)).map(({ card }) => card)}`;
}

const reviewTags: Readonly<Record<string, readonly [string, string]>> = {
  APPROVED: ['approved', 'good'],
  CHANGES_REQUESTED: ['changes requested', 'bad'],
  COMMENTED: ['commented', ''],
  DISMISSED: ['dismissed', 'wait'],
  PENDING: ['pending', 'wait'],
};

function reviewCard(
  { id, user, body, state, commit_id: commit, submitted_at: at }: Review,
  pull: PullRequest,
  here: string,
): Html {
  const [text, kind] = reviewTags[state] ?? [state, ''];
  const old = commit !== pull.head.sha;
  const dismissible = state === 'APPROVED' || state === 'CHANGES_REQUESTED';
  return html`<div class="card">
    <div class="quiet small">
      ${who(user)} reviewed ${tag(text, kind)}
      <code>${(commit ?? '').slice(0, 7)}</code> ${old ? tag('not the head', 'wait') : ''}
      ${moment(at)}
    </div>
    <div class="text">${body}</div>
    ${
      dismissible
        ? html`<form class="row" method="post" action="${here}/dismiss">
            <input type="hidden" name="review" value="${id}" />
            <input
              name="message"
              placeholder="Why"
              aria-label="Why it is dismissed"
              required
            /><button class="warn">Dismiss</button>
          </form>`
        : ''
    }
  </div>`;
}

function checkList(answer: Answer<{ check_runs: readonly CheckRun[] }>): Html {
  if (!answer.ok) return refusalBox(answer.refusal);
  if (answer.value.check_runs.length === 0) return html`<p class="quiet">None on this head.</p>`;
  return html`<ul class="list">
    ${answer.value.check_runs.map(({ name, status, conclusion, output, app }) => {
      const kind =
        conclusion === 'success'
          ? 'good'
          : conclusion === null
            ? 'wait'
            : conclusion === 'failure'
              ? 'bad'
              : '';
      return html`<li>
        ${tag(conclusion ?? status, kind)} <b>${name}</b>
        <span class="quiet small">by ${app?.slug ?? 'nobody'}</span>
        ${output.title === null ? '' : html`<div>${output.title}</div>`}
        ${output.summary === null ? '' : html`<div class="text small quiet">${output.summary}</div>`}
      </li>`;
    })}
  </ul>`;
}

function diff(
  { filename, previous_filename: before, status, additions, deletions, patch }: ChangedFile,
  here: string,
  open: boolean,
): Html {
  const editable = open && status !== 'removed';
  return html`<details open>
    <summary>
      <b>${before === undefined ? '' : `${before} → `}${filename}</b>
      <span class="quiet small">${status}, +${additions} −${deletions}</span>
      ${editable ? html`<a class="small" href="${here}?edit=${encodeURIComponent(filename)}#edit">Edit</a>` : ''}
    </summary>
    ${
      patch === undefined
        ? html`<div class="inside quiet">No text to show.</div>`
        : html`<pre class="diff">
${patch.split('\n').map((line) => html`<span class="${lineKind(line)}">${line === '' ? ' ' : line}</span>`)}</pre>`
    }
  </details>`;
}

function lineKind(line: string): string {
  if (line.startsWith('@@')) return 'at';
  if (line.startsWith('+')) return 'add';
  return line.startsWith('-') ? 'del' : '';
}

async function editForm(
  gitHub: GitHub,
  name: string,
  pull: PullRequest,
  here: string,
  path: string,
): Promise<Html> {
  const where = path.split('/').map(encodeURIComponent).join('/');
  const found = await gitHub.get(
    `/repos/${name}/contents/${where}?ref=${encodeURIComponent(pull.head.ref)}`,
    file,
  );
  if (!found.ok) return refusalBox(found.refusal);
  return html`<form id="edit" class="card" method="post" action="${here}/edit">
    <b>Edit ${path}</b>
    <span class="quiet small">pushes a commit to <code>${pull.head.ref}</code></span>
    <input type="hidden" name="path" value="${path}" />
    <input type="hidden" name="sha" value="${found.value.sha}" />
    <input type="hidden" name="branch" value="${pull.head.ref}" />
    <textarea class="code" name="content" aria-label="Content">${textOf(found.value)}</textarea>
    <div class="row">
      <input name="message" value="Edit ${path}" aria-label="Commit message" required />
      <button class="main">Push as ${gitHub.login}</button>
    </div>
  </form>`;
}

/** A textarea swallows one leading line break, so it gets one more. */
function textOf({ content }: File): string {
  return `\n${Buffer.from(content, 'base64').toString('utf8')}`;
}

function commentForm(here: string, { login }: GitHub): Html {
  return html`<form class="card" method="post" action="${here}/comment">
    <textarea name="body" placeholder="Comment" aria-label="Comment" required></textarea>
    <div class="row"><button>Comment as ${login}</button></div>
  </form>`;
}

function reviewForm(here: string, { head }: PullRequest, { login }: GitHub): Html {
  return html`<form class="card" method="post" action="${here}/review">
    <input type="hidden" name="commit" value="${head.sha}" />
    <textarea name="body" placeholder="Review" aria-label="Review"></textarea>
    <div class="row">
      <span class="quiet small">Review <code>${head.sha.slice(0, 7)}</code> as ${login}:</span>
      <button name="event" value="APPROVE">Approve</button>
      <button name="event" value="REQUEST_CHANGES">Request changes</button>
      <button name="event" value="COMMENT">Comment</button>
    </div>
  </form>`;
}

function mergeForm(here: string, pull: PullRequest, { login }: GitHub): Html {
  return html`<form class="card" method="post" action="${here}/${pull.draft ? 'ready' : 'merge'}">
    <input type="hidden" name="sha" value="${pull.head.sha}" />
    <input type="hidden" name="node" value="${pull.node_id}" />
    <div class="row">
      ${
        pull.draft
          ? html`<button>Ready for review</button>
              <span class="quiet small">A draft cannot be merged.</span>`
          : html`<select name="method" aria-label="How">
                <option value="merge">Merge commit</option>
                <option value="squash">Squash</option>
                <option value="rebase">Rebase</option>
              </select>
              <button class="main">Merge ${pull.head.sha.slice(0, 7)} as ${login}</button>`
      }
    </div>
  </form>`;
}

function stateForm(here: string, state: string): Html {
  return html`<form method="post" action="${here}/state">
    ${state === 'open' ? html`<button class="warn" name="state" value="closed">Close</button>` : html`<button name="state" value="open">Reopen</button>`}
  </form>`;
}
