/** The names of the areas: as many as fit, the largest areas first. */
import { html } from './dom.js';
import L from './leaflet.js';

const PANE = 'names';
/** A name may be this much wider than its area, where nothing else is in the way. */
const OVERHANG = 1.3;
const GAP = 3;

/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box in pixels
 * @typedef {{path: import('leaflet').Polygon, element: HTMLElement}} Name
 */

/**
 * @param {Box} a
 * @param {Box} b
 */
const overlap = (a, b) =>
  a.left < b.right + GAP && b.left < a.right + GAP && a.top < b.bottom + GAP && b.top < a.bottom + GAP;

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').Polygon} path
 * @returns {Name}
 */
function addName(map, path) {
  const { name, label } = path.feature.properties;
  const element = html('div', { class: 'area-name' }, name);
  const icon = L.divIcon({ html: element, iconSize: [0, 0], className: '' });
  const marker = L.marker([label[1], label[0]], { icon, pane: PANE, interactive: false, keyboard: false });
  marker.addTo(map).getElement().setAttribute('aria-hidden', 'true'); // the area itself has its name
  return { path, element };
}

/**
 * Where a name would be. Computed, not read from the page: areas out of sight
 * aren't drawn, and while a map zooms nothing is where it will be.
 * @param {import('leaflet').Map} map
 * @param {Name} name
 */
function measure(map, { path, element }) {
  const [lon, lat] = path.feature.properties.label;
  const { x, y } = map.latLngToLayerPoint([lat, lon]);
  const { offsetWidth: width, offsetHeight: height } = element;
  const box = { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
  const bounds = path.getBounds();
  const size = map.latLngToLayerPoint(bounds.getSouthEast()).subtract(map.latLngToLayerPoint(bounds.getNorthWest()));
  return { element, box, area: size.x * size.y, fits: width <= size.x * OVERHANG };
}

/**
 * @param {import('leaflet').Map} map
 * @param {Name[]} names
 */
function arrange(map, names) {
  for (const { element } of names) element.hidden = false;
  const measured = names.map((name) => measure(map, name)).sort((a, b) => b.area - a.area);
  const placed = [];
  for (const { element, box, fits } of measured) {
    const shown = fits && !placed.some((other) => overlap(box, other));
    if (shown) placed.push(box);
    element.hidden = !shown;
  }
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').GeoJSON} layer
 */
export function addNames(map, layer) {
  map.createPane(PANE).style.zIndex = '450'; // over the areas, under the markers
  const names = layer.getLayers().map((path) => addName(map, path));
  const update = () => arrange(map, names);
  map.on('zoomend', update);
  update();
  document.fonts?.ready.then(update);
}
