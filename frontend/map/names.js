/** The names of the areas: as many as fit, the largest areas first. */
import { html } from './dom.js';
import L from './leaflet.js';

const PANE = 'names';
/** A name may be this much wider than its area, where nothing else is in the way. */
const OVERHANG = 1.3;
const GAP = 3;

/**
 * @param {DOMRect} a
 * @param {DOMRect} b
 */
const overlap = (a, b) =>
  a.left < b.right + GAP && b.left < a.right + GAP && a.top < b.bottom + GAP && b.top < a.bottom + GAP;

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').Polygon} path
 * @returns {{path: import('leaflet').Polygon, element: HTMLElement}}
 */
function addName(map, path) {
  const { name, label } = path.feature.properties;
  const element = html('div', { class: 'area-name' }, name);
  const icon = L.divIcon({ html: element, iconSize: [0, 0], className: '' });
  const marker = L.marker([label[1], label[0]], { icon, pane: PANE, interactive: false, keyboard: false });
  marker.addTo(map).getElement().setAttribute('aria-hidden', 'true'); // the area itself has its name
  return { path, element };
}

/** @param {{path: import('leaflet').Polygon}} name */
function extent({ path }) {
  const { width, height } = path.getElement().getBoundingClientRect();
  return { width, area: width * height };
}

/** @param {{path: import('leaflet').Polygon, element: HTMLElement}[]} names */
function arrange(names) {
  for (const { element } of names) element.hidden = false;
  const measured = names.map((name) => ({
    ...name,
    ...extent(name),
    box: name.element.getBoundingClientRect(),
  }));
  const placed = [];
  for (const { element, box, width } of measured.sort((a, b) => b.area - a.area)) {
    const fits = box.width <= width * OVERHANG && !placed.some((other) => overlap(box, other));
    if (fits) placed.push(box);
    element.hidden = !fits;
  }
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').GeoJSON} layer
 */
export function addNames(map, layer) {
  map.createPane(PANE).style.zIndex = '450'; // over the areas, under the markers
  const names = layer.getLayers().map((path) => addName(map, path));
  const update = () => arrange(names);
  map.on('zoomend resize', update);
  update();
  document.fonts?.ready.then(update);
}
