/** The functions that the scripts of the maps call. */
import { areas } from './areas.js';
import './leaflet.js';
import { near } from './near.js';
import { places } from './places.js';
import { start } from './start.js';

window.Quartieri = { areas, near, places, start };
