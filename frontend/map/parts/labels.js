/** The texts of each map, in the page's language. */

/**
 * The names are those of LABELS in geo/maps/folium_map.py.
 * @typedef {Record<'title'|'zoom_in'|'zoom_out'|'close'|'open_area'|'open_place'|'indicative'
 *   |'approximate'|'cluster'|'failed'|'two_fingers'|'ctrl_wheel'|'here'|'this_point'|'near_point'
 *   |'to_list'|'site'|'added', string>} Labels
 */

/** @type {WeakMap<import('leaflet').Map, Labels>} */
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
 * @returns {Labels} an Error before the frame has set them
 */
export function labelsOf(map) {
  const labels = labelsOfMaps.get(map);
  if (!labels) throw new Error('This map has no labels yet');
  return labels;
}
