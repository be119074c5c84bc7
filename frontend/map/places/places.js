/** The places: markers by group, drawn together where they're close, switched by the page's checkboxes. */
import { load } from '../parts/load_json.js';
import { clusterIcon, placeIcon } from '../parts/icons.js';
import { startLayers } from './place_filter.js';
import L, { calm } from '../parts/leaflet.js';
import { popup } from '../parts/popups.js';
import { labelsOf } from '../parts/labels.js';

/**
 * One array for each column, and what they refer to.
 * @typedef {{
 *   groups: {slug: string, name: string, colour: string, shape: string}[],
 *   kinds: {slug: string, name: string, group: number}[],
 *   quartieri: {slug: string, name: string}[],
 *   place_url: string,
 *   id: string[], name: string[], kind: number[], lon: number[], lat: number[],
 *   approximate: number[], quartiere: number[],
 * }} Columns
 */

/**
 * What the server sends: steps from one place to the next, the first from 0, `unit` of them a degree.
 * @typedef {Omit<Columns, 'lon' | 'lat'> & {lon_steps: number[], lat_steps: number[], unit: number}} Sent
 */

/**
 * @param {Sent} sent
 * @returns {Columns}
 */
function inDegrees({ lon_steps, lat_steps, unit, ...columns }) {
  const add = (steps) => {
    let sum = 0;
    return steps.map((step) => (sum += step) / unit);
  };
  return { ...columns, lon: add(lon_steps), lat: add(lat_steps) };
}

/**
 * @param {string} base
 * @param {string} id like osm:way/4711
 * @returns {string} the address of the place's page; only : and / stay as they are
 */
export function placeUrl(base, id) {
  return `${base}${encodeURIComponent(id).replaceAll('%3A', ':').replaceAll('%2F', '/')}/`;
}

/**
 * @param {Columns} columns
 * @param {number} row
 * @param {import('../parts/labels.js').Labels} labels
 * @returns {HTMLElement}
 */
function describe(columns, row, labels) {
  const quartiere = columns.quartieri[columns.quartiere[row]]?.name;
  return popup({
    name: columns.name[row],
    lines: [columns.kinds[columns.kind[row]].name, ...(quartiere ? [quartiere] : [])],
    notes: columns.approximate[row] ? [labels.approximate] : [],
    link: { url: placeUrl(columns.place_url, columns.id[row]), text: labels.open_place },
  });
}

/**
 * @param {Columns} columns
 * @param {number} row
 * @param {import('../parts/labels.js').Labels} labels
 * @returns {import('./place_filter.js').Entry}
 */
function makeMarker(columns, row, labels) {
  const kind = columns.kinds[columns.kind[row]];
  const group = columns.groups[kind.group];
  const approximate = Boolean(columns.approximate[row]);
  const words = [columns.name[row], kind.name, ...(approximate ? [labels.approximate] : [])];
  const marker = L.marker([columns.lat[row], columns.lon[row]], {
    icon: placeIcon(group, approximate, words.join(', ')),
    colour: group.colour,
  });
  marker.bindPopup(() => describe(columns, row, labels));
  return { marker, group: group.slug, kind: kind.slug, quartiere: columns.quartieri[columns.quartiere[row]]?.slug };
}

/**
 * @param {import('../parts/labels.js').Labels} labels
 * @param {object} [options] of the cluster, beyond what all have
 * @returns {import('leaflet').MarkerClusterGroup}
 */
export function makeCluster(labels, options = {}) {
  return L.markerClusterGroup({
    animate: !calm,
    iconCreateFunction: (each) => clusterIcon(each, labels.cluster),
    maxClusterRadius: 90, // at steps of a quarter zoom they come closer than this
    showCoverageOnHover: false,
    spiderLegPolylineOptions: { className: 'cluster-leg', weight: 1.5, opacity: 0.7 },
    ...options,
  });
}

/**
 * @param {import('leaflet').Map} map
 * @param {Columns} columns
 * @returns {Promise<void>} when all markers are there
 */
async function show(map, columns) {
  const labels = labelsOf(map);
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  const cluster = makeCluster(labels, {
    // A little at a time: a slow phone can scroll and type meanwhile.
    chunkedLoading: true,
    chunkInterval: 8,
    chunkDelay: 8,
    chunkProgress: (done, all) => done === all && finish(),
  });
  startLayers(cluster, columns.id.map((_, row) => makeMarker(columns, row, labels)), finished);
  map.addLayer(cluster);
  await finished;
}

/**
 * @param {import('leaflet').Map} map
 * @param {{url: string}} options
 */
export function places(map, { url }) {
  load(map, url, (sent) => show(map, inDegrees(sent)));
}
