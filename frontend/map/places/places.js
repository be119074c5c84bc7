/** The places: markers by group, in clusters where they're close, filtered by the page's checkboxes. */
import { labelsOf } from '../parts/labels.js';
import L, { reducedMotion } from '../parts/leaflet.js';
import { clusterIcon, placeIcon } from '../parts/icons.js';
import { loadJson } from '../parts/load_json.js';
import { popupContent } from '../parts/popups.js';
import { startFilter } from './place_filter.js';

/**
 * One array for each column; -1 in `quartiere` for none.
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
 * As the server sends them: steps from one place to the next, the first from 0, `unit` of them a degree.
 * @typedef {Omit<Columns, 'lon' | 'lat'> & {lon_steps: number[], lat_steps: number[], unit: number}} Encoded
 */

/**
 * @param {Encoded} encoded
 * @returns {Columns} with coordinates in degrees
 */
function decode({ lon_steps, lat_steps, unit, ...columns }) {
  /** @param {number[]} steps */
  const sums = (steps) => {
    let sum = 0;
    return steps.map((step) => (sum += step) / unit);
  };
  return { ...columns, lon: sums(lon_steps), lat: sums(lat_steps) };
}

/**
 * @param {string} base
 * @param {string} id like osm:way/4711
 * @returns {string} the address of the place's page; only : and / stay unescaped
 */
function placeUrl(base, id) {
  return `${base}${encodeURIComponent(id).replaceAll('%3A', ':').replaceAll('%2F', '/')}/`;
}

/**
 * @param {Columns} columns
 * @param {number} row
 * @param {import('../parts/labels.js').Labels} labels
 * @returns {HTMLElement}
 */
function placePopup(columns, row, labels) {
  const quartiere = columns.quartieri[columns.quartiere[row]]?.name;
  return popupContent({
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
function makeEntry(columns, row, labels) {
  const kind = columns.kinds[columns.kind[row]];
  const group = columns.groups[kind.group];
  const approximate = Boolean(columns.approximate[row]);
  const words = [columns.name[row], kind.name, ...(approximate ? [labels.approximate] : [])];
  const marker = L.marker([columns.lat[row], columns.lon[row]], {
    icon: placeIcon(group, approximate, words.join(', ')),
    colour: group.colour,
  });
  marker.bindPopup(() => placePopup(columns, row, labels));
  return { marker, group: group.slug, kind: kind.slug, quartiere: columns.quartieri[columns.quartiere[row]]?.slug };
}

/**
 * @param {import('../parts/labels.js').Labels} labels
 * @param {import('leaflet').MarkerClusterGroupOptions} [options] beyond those that all clusters have
 * @returns {import('leaflet').MarkerClusterGroup}
 */
export function makeCluster(labels, options = {}) {
  return L.markerClusterGroup({
    animate: !reducedMotion,
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
 * @returns {Promise<void>} when all markers are on the map
 */
async function showPlaces(map, columns) {
  const labels = labelsOf(map);
  let finish = () => {};
  /** @type {Promise<void>} */
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  const cluster = makeCluster(labels, {
    // A little at a time: a slow phone can scroll and type meanwhile.
    chunkedLoading: true,
    chunkInterval: 8,
    chunkDelay: 8,
    chunkProgress: (done, all) => {
      if (done === all) finish();
    },
  });
  const entries = columns.id.map((_, row) => makeEntry(columns, row, labels));
  startFilter(cluster, entries, finished);
  map.addLayer(cluster);
  await finished;
}

/**
 * @param {import('leaflet').Map} map
 * @param {{url: string}} options
 */
export function places(map, { url }) {
  /** @param {Encoded} encoded */
  const show = (encoded) => showPlaces(map, decode(encoded));
  void loadJson(map, url, show);
}
