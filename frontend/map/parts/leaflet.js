/**
 * Leaflet and its clusters as this site uses them. Folium's scripts and
 * markercluster look for the global L, which Leaflet sets by itself.
 */
import L from 'leaflet';
import 'leaflet.markercluster';

export const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
const touch = window.matchMedia('(pointer: coarse)').matches;

L.Map.mergeOptions({
  zoomControl: false,
  zoomSnap: 0.25, // a small screen shows more of what is asked for
  // One finger scrolls the page; two fingers move and zoom the map.
  dragging: !touch,
  zoomAnimation: !calm,
  fadeAnimation: !calm,
  markerZoomAnimation: !calm,
  inertia: !calm,
});

// Beside the zoom buttons, which would cover it.
L.Popup.mergeOptions({ maxWidth: Math.min(300, window.innerWidth - 150), autoPanPaddingTopLeft: [60, 8] });

if (calm) {
  const { panBy } = L.Map.prototype;
  L.Map.include({
    panBy(offset, options) {
      return panBy.call(this, offset, { ...options, animate: false });
    },
  });
}

/** A marker's picture that is a button with a name; drawn once it shows: most start in a cluster. */
export const NamedIcon = L.DivIcon.extend({
  createIcon(old) {
    const element = L.DivIcon.prototype.createIcon.call(this, old);
    if (this.options.draw) element.replaceChildren(this.options.draw());
    element.setAttribute('aria-label', this.options.label);
    return element;
  },
});

export default L;
