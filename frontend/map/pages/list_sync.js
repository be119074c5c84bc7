/** The list and the map move together: what one points at, the other shows. */
import L, { calm } from '../parts/leaflet.js';

const PANE = 'highlight';
const MARGIN = [40, 40];
const WIDE = window.matchMedia('(min-width: 992px)');

/**
 * A second, larger marker over all others: it shows a place also where its own
 * marker is drawn together with others, and nothing moves under the pointer.
 * @param {import('leaflet').Map} map
 * @returns {(pin: import('./near.js').Pin|null) => void}
 */
function highlighter(map) {
  const pane = map.createPane(PANE);
  pane.style.zIndex = '660'; // over the names, under the popups
  pane.style.pointerEvents = 'none';
  let shown = null;
  return (pin) => {
    shown?.remove();
    shown = null;
    if (!pin) return;
    const options = { icon: pin.icon, pane: PANE, interactive: false, keyboard: false };
    shown = L.marker(pin.marker.getLatLng(), options).addTo(map);
    shown.getElement().classList.add('marker-highlight');
    shown.getElement().removeAttribute('aria-label');
    shown.getElement().setAttribute('aria-hidden', 'true');
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
 * Where list and map stand side by side the list goes to the row; on a phone the
 * popup leads there, or the map would be scrolled away under the finger.
 * @param {HTMLElement} row
 */
function reveal(row) {
  if (WIDE.matches) row.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').MarkerClusterGroup} cluster
 * @param {import('./near.js').Pin} pin
 * @param {(pin: import('./near.js').Pin|null) => void} highlight
 */
function followRow(map, cluster, pin, highlight) {
  const { row, marker } = pin;
  const point = () => {
    highlight(pin);
    map.panInside(marker.getLatLng(), { padding: MARGIN });
  };
  row.addEventListener('mouseenter', point);
  row.addEventListener('focusin', point);
  row.addEventListener('mouseleave', () => highlight(null));
  row.addEventListener('focusout', () => highlight(null));
  row.querySelector('[data-show]').addEventListener('click', () => {
    map.getContainer().scrollIntoView({ block: 'nearest' });
    cluster.zoomToShowLayer(marker, () => marker.openPopup());
  });
}

/**
 * @param {import('./near.js').Pin} pin
 * @param {(pin: import('./near.js').Pin|null) => void} highlight
 */
function followMarker(pin, highlight) {
  const { row, marker } = pin;
  marker.on('mouseover', () => row.classList.add('near-pointed'));
  marker.on('mouseout', () => row.classList.remove('near-pointed'));
  marker.on('popupopen', () => {
    markRow(row, true);
    highlight(pin);
    reveal(row);
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
export function startTogether(map, cluster, pins) {
  const highlight = highlighter(map);
  for (const pin of pins) {
    followRow(map, cluster, pin, highlight);
    followMarker(pin, highlight);
  }
}
