/** Keeps the list and the map in step: a row under the pointer shows on the map, an open popup in the list. */
import { SHOW } from '../../shared/data_attributes.js';
import { need } from '../../shared/page.js';
import L, { addPane, elementOf, reducedMotion } from '../parts/leaflet.js';

const PANE = 'highlight';
/** @type {[number, number]} */
const MARGIN = [40, 40];
const WIDE = window.matchMedia('(min-width: 992px)');

/** @typedef {(pin: import('./near.js').Pin|null) => void} Highlight */

/**
 * A second, larger marker over all others: it shows a place also where its own
 * marker is in a cluster, and nothing moves under the pointer.
 * @param {import('leaflet').Map} map
 * @returns {Highlight}
 */
function makeHighlight(map) {
  addPane(map, PANE, 660); // over the names, under the popups
  /** @type {import('leaflet').Marker|null} */
  let shown = null;
  return (pin) => {
    shown?.remove();
    shown = null;
    if (!pin) return;
    const options = { icon: pin.icon, pane: PANE, interactive: false, keyboard: false };
    shown = L.marker(pin.marker.getLatLng(), options).addTo(map);
    const element = elementOf(shown);
    element.classList.add('marker-highlight');
    element.removeAttribute('aria-label');
    element.setAttribute('aria-hidden', 'true');
  };
}

/**
 * @param {HTMLElement} row
 * @param {boolean} current
 */
function markRow(row, current) {
  row.classList.toggle('near-current', current);
  if (current) row.setAttribute('aria-current', 'true');
  else row.removeAttribute('aria-current');
}

/**
 * Where list and map stand side by side the list scrolls to the row; on a phone the
 * popup has a link, or the map would be scrolled away under the finger.
 * @param {HTMLElement} row
 */
function scrollToRow(row) {
  if (WIDE.matches) row.scrollIntoView({ block: 'nearest', behavior: reducedMotion ? 'auto' : 'smooth' });
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').MarkerClusterGroup} cluster
 * @param {import('./near.js').Pin} pin
 * @param {Highlight} highlight
 */
function followRow(map, cluster, pin, highlight) {
  const { row, marker } = pin;
  const showOnMap = () => {
    highlight(pin);
    map.panInside(marker.getLatLng(), { padding: MARGIN });
  };
  row.addEventListener('mouseenter', showOnMap);
  row.addEventListener('focusin', showOnMap);
  row.addEventListener('mouseleave', () => highlight(null));
  row.addEventListener('focusout', () => highlight(null));
  need(SHOW, HTMLButtonElement, row).addEventListener('click', () => {
    map.getContainer().scrollIntoView({ block: 'nearest' });
    cluster.zoomToShowLayer(marker, () => marker.openPopup());
  });
}

/**
 * @param {import('./near.js').Pin} pin
 * @param {Highlight} highlight
 */
function followMarker(pin, highlight) {
  const { row, marker } = pin;
  marker.on('mouseover', () => row.classList.add('near-pointed'));
  marker.on('mouseout', () => row.classList.remove('near-pointed'));
  marker.on('popupopen', () => {
    markRow(row, true);
    highlight(pin);
    scrollToRow(row);
  });
  marker.on('popupclose', () => {
    markRow(row, false);
    highlight(null);
  });
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').MarkerClusterGroup} cluster
 * @param {import('./near.js').Pin[]} pins
 */
export function syncList(map, cluster, pins) {
  const highlight = makeHighlight(map);
  for (const pin of pins) {
    followRow(map, cluster, pin, highlight);
    followMarker(pin, highlight);
  }
}
