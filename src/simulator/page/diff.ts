import { html } from 'hono/html';
import type { ChangedFile, LineComment } from './github.ts';
import { moment, who } from './layout.ts';
import type { Html } from './layout.ts';

export function diff(
  { filename, previous_filename: before, status, additions, deletions, patch }: ChangedFile,
  here: string,
  open: boolean,
  onLines: readonly LineComment[],
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
    ${onLines.filter(({ path }) => path === filename).map(lineCommentCard)}
  </details>`;
}

function lineCommentCard({ user, line, body, created_at: created }: LineComment): Html {
  return html`<div class="inside">
    <div class="quiet small">
      ${who(user)} on ${typeof line === 'number' ? `line ${line}` : 'the file'}, ${moment(created)}
    </div>
    <div class="text">${body}</div>
  </div>`;
}

function lineKind(line: string): string {
  if (line.startsWith('@@')) return 'at';
  if (line.startsWith('+')) return 'add';
  return line.startsWith('-') ? 'del' : '';
}
