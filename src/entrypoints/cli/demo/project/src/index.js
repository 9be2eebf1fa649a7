export { parseCsv } from './csv.js';
export { renderTable } from './table.js';
export { width } from './width.js';
