/**
 * The map of what is near a point. Point and places are read from the page, whose
 * list is the whole answer: the map can't say anything else than the list does.
 */
import { startChoosing } from './pick_point.js';
import { hereIcon, placeIcon } from '../parts/icons.js';
import L from '../parts/leaflet.js';
import { makeCluster } from '../places/places.js';
import { popup } from '../parts/popups.js';
import { labelsOf } from '../parts/labels.js';
import { startTogether } from './list_sync.js';

const CLUSTER_RADIUS = 28;
const PADDING = [24, 24];
const CLOSEST_ZOOM = 17;

/**
 * @typedef {{row: HTMLElement, marker: import('leaflet').Marker, icon: import('leaflet').DivIcon}} Pin
 * @param {Element} row
 * @param {string} selector
 */
const textOf = (row, selector) => row.querySelector(selector)?.textContent.trim() ?? '';

/**
 * @param {HTMLElement} row of the list
 * @param {import('../parts/labels.js').Labels} labels
 * @returns {HTMLElement}
 */
function describe(row, labels) {
  const name = row.querySelector('[data-name]');
  const content = popup({
    name: name.textContent.trim(),
    lines: [textOf(row, '.near-distance'), textOf(row, '.near-kind')],
    notes: 'approximate' in row.dataset ? [labels.approximate] : [],
    link: { url: name.href, text: labels.open_place },
  });
  const toList = document.createElement('a');
  toList.href = `#${row.id}`;
  toList.textContent = labels.to_list;
  content.append(toList);
  return content;
}

/**
 * @param {HTMLElement} row
 * @param {import('../parts/labels.js').Labels} labels
 * @returns {Pin}
 */
function makePin(row, labels) {
  const { lat, lon, colour, shape } = row.dataset;
  const approximate = 'approximate' in row.dataset;
  const label = `${textOf(row, '[data-name]')}, ${textOf(row, '.near-distance')}`;
  const icon = placeIcon({ colour, shape }, approximate, label);
  const marker = L.marker([Number(lat), Number(lon)], { icon, colour });
  marker.bindPopup(() => describe(row, labels));
  return { row, marker, icon };
}

/**
 * The point itself, and the circle of the radius if there is one.
 * @param {import('leaflet').Map} map
 * @param {DOMStringMap} spot
 * @returns {import('leaflet').LatLngBounds}
 */
function showSpot(map, { lat, lon, metres, name }) {
  const point = L.latLng(Number(lat), Number(lon));
  const { here } = labelsOf(map);
  const icon = hereIcon(name ? `${here}: ${name}` : here);
  const marker = L.marker(point, { icon, interactive: false, keyboard: false, zIndexOffset: 1000 }).addTo(map);
  marker.getElement().setAttribute('role', 'img');
  if (!metres) return L.latLngBounds([point]);
  const circle = L.circle(point, { radius: Number(metres), className: 'near-circle', interactive: false });
  return circle.addTo(map).getBounds();
}

/** @param {import('leaflet').Map} map */
export function near(map) {
  const labels = labelsOf(map);
  const page = document.querySelector('[data-near]');
  startChoosing(map, labels);
  if (!page.dataset.lon) return;
  const bounds = showSpot(map, page.dataset);
  const pins = [...page.querySelectorAll('[data-place]')].map((row) => makePin(row, labels));
  const cluster = makeCluster(labels, { maxClusterRadius: CLUSTER_RADIUS });
  cluster.addLayers(pins.map(({ marker }) => marker));
  for (const { marker } of pins) bounds.extend(marker.getLatLng());
  map.fitBounds(bounds, { animate: false, padding: PADDING, maxZoom: CLOSEST_ZOOM });
  map.addLayer(cluster);
  startTogether(map, cluster, pins);
}
