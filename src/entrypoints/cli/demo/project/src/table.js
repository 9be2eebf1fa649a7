import { width } from './width.js';

const gap = '  ';

/** Rows of cells as lines of equal columns; short rows are filled up. */
export function renderTable(rows) {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ''))),
  );
  return rows
    .map((row) => widths.map((size, column) => pad(row[column] ?? '', size)).join(gap).trimEnd())
    .join('\n');
}

function pad(cell, size) {
  return cell + ' '.repeat(size - width(cell));
}
