/**
 * The values of the quartieri, read from the page's own table: so the map can't
 * contradict it.
 */
import { CHOROPLETH, CLASS, QUARTIERE, VALUE } from '../../shared/data_attributes.js';
import { find, findAll, read } from '../../shared/page.js';

/**
 * @typedef {{class: string, value: string, url?: string}} Row
 * @returns {Map<string, Row>|null} by slug; null on a page without such a table
 */
export function readChoropleth() {
  const table = find(CHOROPLETH, HTMLTableElement);
  if (!table) return null;
  return new Map(
    findAll(QUARTIERE, HTMLTableRowElement, table).map((row) => [
      read(row, QUARTIERE),
      { class: read(row, CLASS) || 'none', value: read(row, VALUE), url: row.querySelector('a')?.href },
    ]),
  );
}

/** @param {() => void} listener called when the page shows other values */
export function onChoroplethChange(listener) {
  document.addEventListener('quartieri:coverage', listener);
}
