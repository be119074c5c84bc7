/** The parts that every map has: its name, controls, keys and gestures. */
import { setLabels } from '../parts/labels.js';
import L from '../parts/leaflet.js';
import { startPopups } from '../parts/popups.js';
import { startGestures } from './gestures.js';

/**
 * @param {import('leaflet').Map} map
 * @param {import('../parts/labels.js').Labels} labels
 */
function addControls(map, labels) {
  L.control.zoom({ zoomInTitle: labels.zoom_in, zoomOutTitle: labels.zoom_out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.attributionControl.setPrefix('<a href="https://leafletjs.com">Leaflet</a>');
}

/**
 * Plus and minus zoom also while a marker has the focus: Leaflet's own keys
 * work only while the map itself has it.
 * @param {import('leaflet').Map} map
 */
function addKeys(map) {
  const container = map.getContainer();
  container.addEventListener('keydown', (event) => {
    if (event.target === container || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+') map.zoomIn();
    if (event.key === '-') map.zoomOut();
    if (event.key === 'Escape') map.closePopup();
  });
}

/**
 * @param {import('leaflet').Map} map
 * @param {{labels: import('../parts/labels.js').Labels}} options
 */
export function frame(map, { labels }) {
  const container = map.getContainer();
  container.setAttribute('role', 'region');
  container.setAttribute('aria-label', labels.title);
  setLabels(map, labels);
  addControls(map, labels);
  addKeys(map);
  startGestures(map);
  startPopups(map);
}
