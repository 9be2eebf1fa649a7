/** New line number → text of each added line. */
export type AddedLines = ReadonlyMap<number, string>;

/**
 * The added lines of a unified diff by path. Only for placing remarks and looking for secrets: names, states and counts of
 * files come from git's machine formats, since a patch can be made to lie about odd paths. Hunks are walked by their counts, so
 * content that looks like a header is content.
 */
export function addedLines(patch: string): ReadonlyMap<string, AddedLines> {
  const files = new Map<string, Map<number, string>>();
  let current = new Map<number, string>();
  let [oldLeft, newLeft, line] = [0, 0, 0];
  for (const text of patch.split('\n')) {
    if (oldLeft > 0 || newLeft > 0) {
      const mark = text[0] ?? ' ';
      if (mark === '\\') continue;
      if (mark === '+') {
        current.set(line, text.slice(1));
        newLeft -= 1;
        line += 1;
      } else if (mark === '-') {
        oldLeft -= 1;
      } else {
        oldLeft -= 1;
        newLeft -= 1;
        line += 1;
      }
      continue;
    }
    if (text.startsWith('+++ ')) {
      const path = text.slice(4).replace(/\t$/, '').replace(/^b\//, '');
      current = files.get(path) ?? new Map<number, string>();
      files.set(path, current);
      continue;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (hunk) {
      oldLeft = Number(hunk[1] ?? 1);
      line = Number(hunk[2]);
      newLeft = Number(hunk[3] ?? 1);
    }
  }
  files.delete('/dev/null');
  return files;
}
