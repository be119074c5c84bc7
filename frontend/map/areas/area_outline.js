/**
 * The outline of the current area: under the pointer, focused, or open in the
 * popup. Drawn over all areas, because a neighbour would cover half of its own.
 */
import L, { addPane, elementOf } from '../parts/leaflet.js';

/**
 * @param {import('leaflet').Map} map
 * @param {import('./areas.js').AreaPath[]} paths
 */
export function startOutline(map, paths) {
  const pane = addPane(map, 'outline', 410); // over the areas, under their names
  const outline = L.polygon([], { className: 'area-outline', fill: false, interactive: false, pane }).addTo(map);
  /** @type {Record<'open'|'focused'|'pointed', import('./areas.js').AreaPath|null>} */
  const state = { open: null, focused: null, pointed: null };
  /**
   * @param {keyof typeof state} reason
   * @param {import('./areas.js').AreaPath|null} path
   */
  const set = (reason, path) => {
    state[reason] = path;
    const current = state.open ?? state.focused ?? state.pointed;
    outline.setLatLngs(current ? current.getLatLngs() : []);
  };
  for (const path of paths) {
    const element = elementOf(path);
    path.on('popupopen', () => set('open', path));
    path.on('popupclose', () => set('open', null));
    path.on('mouseover', () => set('pointed', path));
    path.on('mouseout', () => set('pointed', null));
    element.addEventListener('focus', () => element.matches(':focus-visible') && set('focused', path));
    element.addEventListener('blur', () => set('focused', null));
  }
}
