/** Records of what was, examples of what may be, and other people's texts are no claims about the code as it is. */
const aside =
  /(?:^|\/)(?:adrs?|decisions|rfcs?|proposals|archive|changelogs?|blog|news|releases?|tests?|__tests__|fixtures?|testdata|node_modules|vendor|third_party|examples?|templates?|samples?|\.changeset|\.github)\//i;
const records = /(?:^|\/)(?:CHANGELOG|HISTORY|INTERNAL_LOG|ROADMAP|RELEASES?|NEWS|TODO)[^/]*$/i;

/** Whether a file tells people how the code is. */
export const isDocument = (path: string): boolean =>
  /\.(?:md|mdx|markdown)$/i.test(path) && !aside.test(path) && !records.test(path);
