/** How many columns a text takes in a terminal. */
export function width(text) {
  return text.length;
}
