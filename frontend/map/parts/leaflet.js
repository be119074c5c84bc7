/**
 * Leaflet and its clusters with the settings of this site. Folium's scripts and
 * markercluster look for the global L, which Leaflet sets by itself.
 */
import L from 'leaflet';
import 'leaflet.markercluster';
import { LAT, LON } from '../../shared/data_attributes.js';
import { read } from '../../shared/page.js';

export const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const touch = window.matchMedia('(pointer: coarse)').matches;

L.Map.mergeOptions({
  zoomControl: false,
  zoomSnap: 0.25, // the first view fits a small screen more closely
  // One finger scrolls the page; two fingers move and zoom the map.
  dragging: !touch,
  zoomAnimation: !reducedMotion,
  fadeAnimation: !reducedMotion,
  markerZoomAnimation: !reducedMotion,
  inertia: !reducedMotion,
});

// Beside the zoom buttons, which would cover it.
L.Popup.mergeOptions({ maxWidth: Math.min(300, window.innerWidth - 150), autoPanPaddingTopLeft: [60, 8] });

if (reducedMotion) {
  const { panBy } = L.Map.prototype;
  L.Map.include({
    /**
     * @this {import('leaflet').Map}
     * @param {import('leaflet').PointExpression} offset
     * @param {import('leaflet').PanOptions} [options]
     */
    panBy(offset, options) {
      return panBy.call(this, offset, { ...options, animate: false });
    },
  });
}

/** A marker's picture that is a button with a name; drawn once it shows: most start in a cluster. */
export class NamedIcon extends L.DivIcon {
  /**
   * @override
   * @param {HTMLElement} [old]
   */
  createIcon(old) {
    const element = super.createIcon(old);
    const { draw, label } = /** @type {import('leaflet').DivIconOptions} */ (this.options);
    if (draw) element.replaceChildren(draw());
    element.setAttribute('aria-label', label ?? '');
    return element;
  }
}

/**
 * @template {Element} T
 * @param {{getElement(): T|undefined}} layer a path or a marker on a map
 * @returns {T} its element; an Error before the map has drawn it
 */
export function elementOf(layer) {
  const element = layer.getElement();
  if (!element) throw new Error('This layer is not on a map yet');
  return element;
}

/**
 * @param {Element} element of the page with data-lon and data-lat
 * @returns {import('leaflet').LatLng}
 */
export function pointOf(element) {
  return L.latLng(Number(read(element, LAT)), Number(read(element, LON)));
}

/**
 * @param {import('leaflet').Map} map
 * @param {string} name
 * @param {number} zIndex Leaflet's own: areas 400, markers 600, popups 700
 * @returns {string} the name of a new pane that lets clicks through to what lies below
 */
export function addPane(map, name, zIndex) {
  const { style } = map.createPane(name);
  style.zIndex = String(zIndex);
  style.pointerEvents = 'none';
  return name;
}

export default L;
