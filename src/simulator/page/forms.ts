import { html } from 'hono/html';
import { file } from './github.ts';
import type { File, GitHub, Label, PullRequest } from './github.ts';
import { refusalBox } from './layout.ts';
import type { Html } from './layout.ts';

export function labelBar(here: string, set: readonly Label[], known: readonly Label[]): Html {
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

export async function editForm(
  gitHub: GitHub,
  pull: PullRequest,
  here: string,
  path: string,
): Promise<Html> {
  if (pull.head.repo === null) return refusalBox('the fork was deleted');
  const where = path.split('/').map(encodeURIComponent).join('/');
  const found = await gitHub.get(
    `/repos/${pull.head.repo.full_name}/contents/${where}?ref=${encodeURIComponent(pull.head.ref)}`,
    file,
  );
  if (!found.ok) return refusalBox(found.refusal);
  return html`<form id="edit" class="card" method="post" action="${here}/edit">
    <b>Edit ${path}</b>
    <span class="quiet small">pushes a commit to <code>${pull.head.label}</code></span>
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

export function commentForm(here: string, { login }: GitHub): Html {
  return html`<form class="card" method="post" action="${here}/comment">
    <textarea name="body" placeholder="Comment" aria-label="Comment" required></textarea>
    <div class="row"><button>Comment as ${login}</button></div>
  </form>`;
}

export function reviewForm(here: string, { head }: PullRequest, { login }: GitHub): Html {
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

export function mergeForm(here: string, pull: PullRequest, { login }: GitHub): Html {
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

export function stateForm(here: string, state: string): Html {
  return html`<form method="post" action="${here}/state">
    ${state === 'open' ? html`<button class="warn" name="state" value="closed">Close</button>` : html`<button name="state" value="open">Reopen</button>`}
  </form>`;
}
