/**
 * Untrusted text made harmless for a line of output: controls (terminal escapes among them), bidirectional overrides,
 * zero-width and tag characters removed, white space folded to single spaces, cut at `length` characters.
 */
export const plainText = (text: string, length = 120): string => {
  const plain = text
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu, '')
    .trim();
  const characters = Array.from(plain);
  return characters.length <= length ? plain : `${characters.slice(0, length - 1).join('')}…`;
};

/**
 * The same as a Markdown code span. In it nothing is a link, an image, HTML, a mention or a closing keyword, which no list
 * of characters to escape could promise for every renderer.
 */
export const codeSpan = (text: string, length = 120): string =>
  `\`${plainText(text, length).replaceAll('`', '´') || '(empty)'}\``;
