/** The functions that the script of each map calls (geo/maps/folium_map.py). */
import { areas } from './areas/areas.js';
import { frame } from './frame/frame.js';
import { gaps } from './pages/gaps.js';
import { near } from './pages/near.js';
import './parts/leaflet.js';
import { places } from './places/places.js';

window.Quartieri = { areas, frame, gaps, near, places };
