import { readFile } from 'node:fs/promises';
import { ok, refuse, type Result } from '../../../../domain/result.ts';

export interface Issue {
  readonly title: string;
  readonly body: string;
}

/** Small, and answerable in nearly every repository. */
const example: Issue = {
  title: 'Say in the README how to run the tests',
  body: 'I cloned the repository and wanted to run its tests, but the README does not say how.\n\nA section with the one command would help newcomers.',
};

const LONGEST_TITLE = 256;

/** The issue to file: a Markdown file whose first line or heading is the title, else an example. */
export async function readIssue(file: string | undefined): Promise<Result<Issue>> {
  if (file === undefined) return ok(example);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    // The decoder's fault is a TypeError; the file system's has a code that says more.
    const fromFile = error instanceof Error && 'code' in error && !(error instanceof TypeError);
    const why = fromFile ? String(error.code) : 'no UTF-8 text';
    return refuse('try.issue', `${file}: cannot be read (${why}); give a Markdown file`);
  }
  const lines = text.split(/\r?\n/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const title = (lines[first] ?? '')
    .replace(/^#{1,6}\s+/, '')
    .replace(/\s+#+\s*$/, '')
    .trim();
  if (title === '') {
    return refuse('try.issue', `${file}: is empty; its first line or heading becomes the title`);
  }
  if (title.length > LONGEST_TITLE) {
    return refuse(
      'try.issue',
      `${file}:${first + 1}: the title has ${title.length} characters, GitHub takes ${LONGEST_TITLE}; put a short line first`,
    );
  }
  return ok({
    title,
    body: lines
      .slice(first + 1)
      .join('\n')
      .trim(),
  });
}
