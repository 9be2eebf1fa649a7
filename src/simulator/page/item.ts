import { html } from 'hono/html';
import { diff } from './diff.ts';
import { commentForm, editForm, labelBar, mergeForm, reviewForm, stateForm } from './forms.ts';
import {
  changedFiles,
  checkRuns,
  comments,
  issue,
  labels,
  lineComments,
  pullRequest,
  reviews,
} from './github.ts';
import type { Answer, CheckRun, Comment, GitHub, PullRequest, Review } from './github.ts';
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
  const [said, judged, onLines, changed, known, runs] = await Promise.all([
    gitHub.get(`/repos/${name}/issues/${number}/comments?per_page=100`, comments),
    gitHub.get(`/repos/${name}/pulls/${number}/reviews?per_page=100`, reviews),
    gitHub.get(`/repos/${name}/pulls/${number}/comments?per_page=100`, lineComments),
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
    ${editing === undefined ? '' : await editForm(gitHub, pull, here, editing)}
    ${changed.ok ? changed.value.map((one) => diff(one, here, pull.state === 'open', valueOr(onLines, []))) : refusalBox(changed.refusal)}
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
      by ${who(pull.user)}, ${moment(pull.created_at)}:
      <code>${fromFork(pull) ? pull.head.label : pull.head.ref}</code> into
      <code>${pull.base.ref}</code>${fromFork(pull) ? ' (from a fork)' : ''}, head
      <code>${pull.head.sha.slice(0, 7)}</code>
    </span>
  </p>`;
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

const conclusionKinds: Readonly<Record<string, string>> = {
  success: 'good',
  failure: 'bad',
  action_required: 'wait',
  running: 'wait',
};

function checkList(answer: Answer<{ check_runs: readonly CheckRun[] }>): Html {
  if (!answer.ok) return refusalBox(answer.refusal);
  if (answer.value.check_runs.length === 0) return html`<p class="quiet">None on this head.</p>`;
  return html`<ul class="list">
    ${answer.value.check_runs.map(({ name, status, conclusion, output, app }) => {
      const kind = conclusionKinds[conclusion ?? 'running'] ?? '';
      return html`<li>
        ${tag(conclusion ?? status, kind)} <b>${name}</b>
        <span class="quiet small">by ${app?.slug ?? 'nobody'}</span>
        ${output.title === null ? '' : html`<div>${output.title}</div>`}
        ${output.summary === null ? '' : html`<div class="text small quiet">${output.summary}</div>`}
      </li>`;
    })}
  </ul>`;
}

const fromFork = ({ head, base }: PullRequest): boolean =>
  head.repo?.full_name !== base.repo.full_name;
