/** The functions that the scripts of the maps call. */
import { areas } from './areas/areas.js';
import { gaps } from './pages/gaps.js';
import './parts/leaflet.js';
import { near } from './pages/near.js';
import { places } from './places/places.js';
import { start } from './frame/frame.js';

window.Quartieri = { areas, gaps, near, places, start };
