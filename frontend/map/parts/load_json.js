import { html } from './elements.js';
import { labelsOf } from './labels.js';

/** @param {import('leaflet').Map} map */
function sayItFailed(map) {
  const container = map.getContainer();
  if (container.querySelector('.map-message')) return;
  // A page that doesn't say the same as text has words of its own.
  const words = container.closest('[data-failed]')?.dataset.failed ?? labelsOf(map).failed;
  container.append(html('p', { class: 'map-message', role: 'alert' }, words));
}

/**
 * Fetches JSON and hands it on; when either fails the map says so in its place.
 * @param {import('leaflet').Map} map
 * @param {string} url
 * @param {(data: any) => void|Promise<void>} show
 */
export async function load(map, url, show) {
  const container = map.getContainer();
  const waiting = Number(container.dataset.loading ?? 0);
  container.dataset.loading = String(waiting + 1);
  try {
    const response = await fetch(url, { headers: { Accept: 'application/json' } });
    if (!response.ok) throw new Error(`${response.status} ${url}`);
    await show(await response.json());
  } catch (error) {
    console.error(error);
    sayItFailed(map);
  } finally {
    container.dataset.loading = String(Number(container.dataset.loading) - 1);
  }
}
