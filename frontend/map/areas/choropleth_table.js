/**
 * The values of the quartieri, read from the page's own table: the map can't
 * say anything else than the table does.
 */

/**
 * @typedef {{class: string, value: string, url?: string}} Row
 * @returns {Map<string, Row>|null} by slug; null on a page without such a table
 */
export function readCoverage() {
  const table = document.querySelector('[data-choropleth]');
  if (!table) return null;
  const rows = [...table.querySelectorAll('[data-quartiere]')];
  return new Map(
    rows.map((row) => [
      row.dataset.quartiere,
      { class: row.dataset.class ?? 'none', value: row.dataset.value ?? '', url: row.querySelector('a')?.href },
    ]),
  );
}

/** @param {() => void} changed called when the page shows other values */
export function onCoverageChange(changed) {
  document.addEventListener('quartieri:coverage', changed);
}
