/**
 * The map of what is near a point. Point and places are read from the page, whose
 * list is the whole answer: so the map can't contradict it.
 */
import {
  APPROXIMATE, COLOUR, LON, METRES, NAME, NEAR, PLACE, SHAPE,
} from '../../shared/data_attributes.js';
import { findAll, need, read, textOf } from '../../shared/page.js';
import { html } from '../parts/elements.js';
import { hereIcon, placeIcon } from '../parts/icons.js';
import { labelsOf } from '../parts/labels.js';
import L, { elementOf, pointOf } from '../parts/leaflet.js';
import { popupContent } from '../parts/popups.js';
import { makeCluster } from '../places/places.js';
import { syncList } from './list_sync.js';
import { startPicking } from './pick_point.js';

const CLUSTER_RADIUS = 28;
/** @type {[number, number]} */
const PADDING = [24, 24];
const CLOSEST_ZOOM = 17;

/**
 * @typedef {{row: HTMLElement, marker: import('leaflet').Marker, icon: import('leaflet').DivIcon}} Pin
 *   a place of the list and its marker
 */

/**
 * @param {Element} row
 * @param {string} selector
 * @returns {string} the text of its part; empty without that part
 */
function partText(row, selector) {
  const part = row.querySelector(selector);
  return part ? textOf(part) : '';
}

/**
 * @param {HTMLElement} row of the list
 * @param {import('../parts/labels.js').Labels} labels
 * @returns {HTMLElement}
 */
function rowPopup(row, labels) {
  const link = need(NAME, HTMLAnchorElement, row);
  const content = popupContent({
    name: textOf(link),
    lines: [partText(row, '.near-distance'), partText(row, '.near-kind')],
    notes: row.hasAttribute(APPROXIMATE) ? [labels.approximate] : [],
    link: { url: link.href, text: labels.open_place },
  });
  content.append(html('a', { href: `#${row.id}` }, labels.to_list));
  return content;
}

/**
 * @param {HTMLElement} row
 * @param {import('../parts/labels.js').Labels} labels
 * @returns {Pin}
 */
function makePin(row, labels) {
  const colour = read(row, COLOUR);
  const label = `${textOf(need(NAME, HTMLElement, row))}, ${partText(row, '.near-distance')}`;
  const icon = placeIcon({ colour, shape: read(row, SHAPE) }, row.hasAttribute(APPROXIMATE), label);
  const marker = L.marker(pointOf(row), { icon, colour });
  marker.bindPopup(() => rowPopup(row, labels));
  return { row, marker, icon };
}

/**
 * The point itself, and the circle of the radius if there is one.
 * @param {import('leaflet').Map} map
 * @param {HTMLElement} page
 * @returns {import('leaflet').LatLngBounds}
 */
function showPoint(map, page) {
  const point = pointOf(page);
  const { here } = labelsOf(map);
  const name = read(page, NAME);
  const icon = hereIcon(name ? `${here}: ${name}` : here);
  const marker = L.marker(point, { icon, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(map);
  elementOf(marker).setAttribute('role', 'img');
  const radius = Number(read(page, METRES));
  if (!radius) return L.latLngBounds([point]);
  return L.circle(point, { radius, className: 'near-circle', interactive: false }).addTo(map).getBounds();
}

/** @param {import('leaflet').Map} map */
export function near(map) {
  const labels = labelsOf(map);
  const page = need(NEAR, HTMLElement);
  startPicking(map, labels);
  if (!page.hasAttribute(LON)) return;
  const bounds = showPoint(map, page);
  const pins = findAll(PLACE, HTMLElement, page).map((row) => makePin(row, labels));
  const cluster = makeCluster(labels, { maxClusterRadius: CLUSTER_RADIUS });
  cluster.addLayers(pins.map(({ marker }) => marker));
  for (const { marker } of pins) bounds.extend(marker.getLatLng());
  map.fitBounds(bounds, { animate: false, padding: PADDING, maxZoom: CLOSEST_ZOOM });
  map.addLayer(cluster);
  syncList(map, cluster, pins);
}
