/** The pictures of markers: places, clusters of them, numbers and the point of a search. */
import shapes from '../../shapes.json';
import { svg } from './elements.js';
import L, { NamedIcon } from './leaflet.js';

const SIZE = 28;
/** The path of each shape in a box of 24 by 24. */
const PATHS = /** @type {Record<string, string>} */ (shapes);
const CLUSTER_SIZE = 36;
const HERE_SIZE = 44;
const NUMBER_SIZE = 26;
/** The circumference of this circle is 100: a share in percent is a length along it. */
const RADIUS = 100 / (2 * Math.PI);

/**
 * @param {{colour: string, shape: string}} group
 * @param {boolean} approximate
 * @param {string} label
 * @returns {import('leaflet').DivIcon}
 */
export function placeIcon(group, approximate, label) {
  const draw = () => {
    const path = svg('path', { d: PATHS[group.shape] ?? shapes.circle, fill: group.colour });
    return svg('svg', { viewBox: '0 0 24 24', color: group.colour, 'aria-hidden': 'true' }, path);
  };
  return new NamedIcon({
    draw,
    className: approximate ? 'marker-icon marker-approximate' : 'marker-icon',
    iconSize: [SIZE, SIZE],
    popupAnchor: [0, -SIZE / 2],
    label,
  });
}

/**
 * @param {Map<string, number>} counts of places by colour
 * @param {number} total
 * @returns {SVGElement[]} a ring with one arc for each colour
 */
function ring(counts, total) {
  let start = 25; // at the top
  return [...counts].map(([stroke, count]) => {
    const share = (100 * count) / total;
    const dashes = { 'stroke-dasharray': `${share} ${100 - share}`, 'stroke-dashoffset': start };
    start -= share;
    return svg('circle', { class: 'cluster-share', cx: 20, cy: 20, r: RADIUS, stroke, ...dashes });
  });
}

/**
 * @param {import('leaflet').MarkerCluster} cluster
 * @param {string} label with {n} for the number of places
 * @returns {import('leaflet').DivIcon}
 */
export function clusterIcon(cluster, label) {
  const total = cluster.getChildCount();
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { options } of cluster.getAllChildMarkers()) {
    const { colour = '' } = options;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const picture = svg(
    'svg',
    { viewBox: '0 0 40 40', 'aria-hidden': 'true' },
    svg('circle', { class: 'cluster-ground', cx: 20, cy: 20, r: 18.5 }),
    ...ring(new Map([...counts].sort()), total),
    svg('text', { x: 20, y: 24.5 }, String(total)),
  );
  const size = L.point(CLUSTER_SIZE, CLUSTER_SIZE);
  return new NamedIcon({
    html: picture,
    className: 'cluster-icon',
    iconSize: size,
    label: label.replace('{n}', String(total)),
  });
}

/**
 * @param {number} number
 * @param {string} label
 * @param {string} className
 * @returns {import('leaflet').DivIcon} a number in a box
 */
export function numberIcon(number, label, className) {
  const box = svg('rect', { x: 1, y: 1, width: 22, height: 22, rx: 3 });
  const text = svg('text', { x: 12, y: 17 }, String(number));
  const html = svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, box, text);
  return new NamedIcon({ html, className, iconSize: [NUMBER_SIZE, NUMBER_SIZE], label });
}

/**
 * @param {string} label
 * @returns {import('leaflet').DivIcon} a pin whose point is where one is
 */
export function hereIcon(label) {
  const pin = svg('path', { d: 'M12 23C8 17 4 13.5 4 9a8 8 0 0 1 16 0c0 4.5-4 8-8 14Z' });
  const eye = svg('circle', { cx: 12, cy: 9, r: 3 });
  return new NamedIcon({
    html: svg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, pin, eye),
    className: 'marker-here',
    iconSize: [HERE_SIZE, HERE_SIZE],
    iconAnchor: [HERE_SIZE / 2, (HERE_SIZE * 23) / 24],
    label,
  });
}
