/** What the parts of one map share. */

/**
 * @typedef {Record<string, string>} Labels
 * @type {WeakMap<import('leaflet').Map, Labels>}
 */
const labelsOfMaps = new WeakMap();

/**
 * @param {import('leaflet').Map} map
 * @param {Labels} labels
 */
export function setLabels(map, labels) {
  labelsOfMaps.set(map, labels);
}

/**
 * @param {import('leaflet').Map} map
 * @returns {Labels} the words of this map in the reader's language
 */
export function labelsOf(map) {
  return labelsOfMaps.get(map) ?? {};
}
