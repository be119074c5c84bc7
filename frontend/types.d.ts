/** What the scripts add to the types of Leaflet and of the window. */
import 'leaflet';

declare module 'leaflet' {
  interface MarkerOptions {
    /** The colour of the place's group: a cluster counts its markers by it. */
    colour?: string;
  }
  interface DivIconOptions {
    /** Draws the picture when the icon is first shown. */
    draw?: () => SVGElement;
    /** The name that assistive technology reads. */
    label?: string;
  }
  interface Handler {
    /** Of Map.dragging: whether the pointer moved the map since it was pressed. */
    moved?(): boolean;
  }
}

declare global {
  interface Window {
    Quartieri: Record<string, (map: import('leaflet').Map, options: never) => void>;
  }
}
