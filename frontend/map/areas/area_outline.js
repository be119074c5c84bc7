/**
 * The outline of the area that is meant: pointed at, focused, or open in the
 * popup. Drawn over all areas, because a neighbour would cover half of its own.
 */
import L from '../parts/leaflet.js';

const PANE = 'outline';

/**
 * @param {import('leaflet').Map} map
 * @returns {import('leaflet').Polygon} nothing yet
 */
function addOutline(map) {
  const pane = map.createPane(PANE);
  pane.style.zIndex = '410'; // over the areas, under their names
  pane.style.pointerEvents = 'none';
  const options = { className: 'area-outline', fill: false, interactive: false, pane: PANE };
  return L.polygon([], options).addTo(map);
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').GeoJSON} layer
 */
export function startOutline(map, layer) {
  const outline = addOutline(map);
  /** @type {Record<'open'|'focused'|'pointed', import('leaflet').Polygon|null>} */
  const state = { open: null, focused: null, pointed: null };
  const set = (what, path) => {
    state[what] = path;
    const meant = state.open ?? state.focused ?? state.pointed;
    outline.setLatLngs(meant ? meant.getLatLngs() : []);
  };
  layer.eachLayer((path) => {
    const element = path.getElement();
    path.on('popupopen', () => set('open', path));
    path.on('popupclose', () => set('open', null));
    path.on('mouseover', () => set('pointed', path));
    path.on('mouseout', () => set('pointed', null));
    element.addEventListener('focus', () => element.matches(':focus-visible') && set('focused', path));
    element.addEventListener('blur', () => set('focused', null));
  });
}
