import { FAILED, LOADING } from '../../shared/data_attributes.js';
import { read } from '../../shared/page.js';
import { html } from './elements.js';
import { labelsOf } from './labels.js';

/** @param {import('leaflet').Map} map */
function showFailure(map) {
  const container = map.getContainer();
  if (container.querySelector('.map-message')) return;
  // A page without the same facts as text has a message of its own.
  const page = container.closest(`[${FAILED}]`);
  const message = page ? read(page, FAILED) : labelsOf(map).failed;
  container.append(html('p', { class: 'map-message', role: 'alert' }, message));
}

/**
 * Counts the layers that are still loading, where tests can read it.
 * @param {HTMLElement} container
 * @param {number} step
 */
function countLoading(container, step) {
  container.setAttribute(LOADING, String(Number(read(container, LOADING)) + step));
}

/**
 * Fetches JSON and passes it on; when either fails the map shows a message.
 * @template T
 * @param {import('leaflet').Map} map
 * @param {string} url
 * @param {(data: T) => void|Promise<void>} show
 * @returns {Promise<void>} it never rejects
 */
export async function loadJson(map, url, show) {
  const container = map.getContainer();
  countLoading(container, 1);
  try {
    const response = await fetch(url, { headers: { Accept: 'application/json' } });
    if (!response.ok) throw new Error(`${response.status} ${url}`);
    await show(await response.json());
  } catch (error) {
    console.error(error);
    showFailure(map);
  } finally {
    countLoading(container, -1);
  }
}
