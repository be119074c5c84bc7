/** The names of the areas: as many as fit, the largest areas first. */
import { html } from '../parts/elements.js';
import L, { addPane, elementOf } from '../parts/leaflet.js';

const PANE = 'names';
/** A name may be this much wider than its area, where nothing else is in the way. */
const OVERHANG = 1.3;
const GAP = 3;
/** Square pixels of the markers that a name may cover; more, and it's shown in a closer view only. */
const MAX_COVERED = 250;
/** Where a name may stand beside its point, in pixels, the nearest first. */
const STEPS = [0, 12, -12, 24, -24, 36, -36, 48, -48];
const SHIFTS = STEPS.flatMap((y) => STEPS.map((x) => ({ x, y }))).sort(
  (a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y),
);

/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box in pixels
 * @typedef {{x: number, y: number}} Shift in pixels
 * @typedef {{path: import('./areas.js').AreaPath, element: HTMLElement}} Name
 * @typedef {Name & {box: Box, area: number, fits: boolean}} Measured
 */

/**
 * @param {Box} a
 * @param {Box} b
 */
const overlap = (a, b) =>
  a.left < b.right + GAP && b.left < a.right + GAP && a.top < b.bottom + GAP && b.top < a.bottom + GAP;

/**
 * @param {import('leaflet').Map} map
 * @param {import('./areas.js').AreaPath} path
 * @returns {Name}
 */
function addName(map, path) {
  const { name, label } = path.feature.properties;
  const element = html('div', { class: 'area-name' }, name);
  const icon = L.divIcon({ html: element, iconSize: [0, 0], className: '' });
  const marker = L.marker([label[1], label[0]], { icon, pane: PANE, interactive: false, keyboard: false });
  elementOf(marker.addTo(map)).setAttribute('aria-hidden', 'true'); // the area itself has its name
  return { path, element };
}

/**
 * The box of a name at its area's point. Computed, not read from the page: areas out
 * of sight aren't drawn, and while a map zooms nothing is where it will be.
 * @param {import('leaflet').Map} map
 * @param {Name} name
 * @returns {Measured}
 */
function measure(map, { path, element }) {
  const [lon, lat] = path.feature.properties.label;
  const { x, y } = map.latLngToLayerPoint([lat, lon]);
  const { offsetWidth: width, offsetHeight: height } = element;
  const box = { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
  const bounds = path.getBounds();
  const size = map.latLngToLayerPoint(bounds.getSouthEast()).subtract(map.latLngToLayerPoint(bounds.getNorthWest()));
  return { path, element, box, area: size.x * size.y, fits: width <= size.x * OVERHANG };
}

/**
 * @param {Box} a
 * @param {Box} b
 * @returns {number} the area they share, in pixels
 */
function sharedPixels(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * @param {import('leaflet').Map} map
 * @returns {Box[]} the boxes of the markers now on the map
 */
function markerBoxes(map) {
  const elements = [...(map.getPane('markerPane')?.children ?? [])].filter((each) => each instanceof HTMLElement);
  return elements.map((element) => {
    const { x, y } = L.DomUtil.getPosition(element);
    const half = element.offsetWidth / 2;
    return { left: x - half, right: x + half, top: y - half, bottom: y + half };
  });
}

/**
 * @param {Box} box
 * @param {Shift} by
 * @returns {Box}
 */
const shifted = ({ left, top, right, bottom }, { x, y }) => ({
  left: left + x,
  top: top + y,
  right: right + x,
  bottom: bottom + y,
});

/**
 * @param {import('./areas.js').AreaPath} path
 * @param {Box} box of a name
 * @returns {boolean} whether the middle half of the name lies in its own area
 */
function isWithin(path, { left, top, right, bottom }) {
  const y = (top + bottom) / 2;
  const element = elementOf(path);
  if (!(element instanceof SVGGeometryElement)) return false;
  return [0.25, 0.75].every((share) => element.isPointInFill({ x: left + share * (right - left), y }));
}

/**
 * @param {Measured} name
 * @param {Box[]} placed the names that have their place: none may be touched
 * @param {Box[]} markers as little of them as possible is covered
 * @returns {Shift|undefined} from its area's point to where it has room; undefined without room
 */
function findRoom({ path, box, fits }, placed, markers) {
  if (!fits) return undefined;
  const possible = SHIFTS.filter((by) => {
    const there = shifted(box, by);
    const isHome = by.x === 0 && by.y === 0;
    return !placed.some((other) => overlap(there, other)) && (isHome || isWithin(path, there));
  });
  /** @param {Shift} by */
  const covered = (by) => markers.reduce((sum, other) => sum + sharedPixels(shifted(box, by), other), 0);
  const best = possible.sort((a, b) => covered(a) - covered(b))[0];
  return best && covered(best) <= MAX_COVERED ? best : undefined;
}

/**
 * @param {import('leaflet').Map} map
 * @param {Name[]} names
 */
function arrange(map, names) {
  for (const { element } of names) element.hidden = false;
  const measured = names.map((name) => measure(map, name)).sort((a, b) => b.area - a.area);
  const markers = markerBoxes(map);
  /** @type {Box[]} */
  const placed = [];
  for (const name of measured) {
    const shift = findRoom(name, placed, markers);
    name.element.hidden = !shift;
    if (!shift) continue;
    name.element.style.translate = `${shift.x}px ${shift.y}px`;
    placed.push(shifted(name.box, shift));
  }
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('./areas.js').AreaPath[]} paths
 */
export function addNames(map, paths) {
  addPane(map, PANE, 650); // over the markers
  const names = paths.map((path) => addName(map, path));
  const update = () => arrange(map, names);
  let request = 0;
  const updateSoon = () => {
    cancelAnimationFrame(request);
    request = requestAnimationFrame(update);
  };
  map.on('zoomend', update);
  map.on('zoomend layeradd layerremove', updateSoon); // markers come, go and regroup
  update();
  void document.fonts.ready.then(update);
}
