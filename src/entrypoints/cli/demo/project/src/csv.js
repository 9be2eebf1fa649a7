/** The rows of a CSV document, each a list of cells. */
export function parseCsv(text) {
  const lines = text.replace(/\r\n/g, '\n').replace(/\n$/, '').split('\n');
  return lines.map((line) => line.split(','));
}
