/** The functions that the scripts of the maps call. */
import { areas } from './areas.js';
import './leaflet.js';
import { places } from './places.js';
import { start } from './start.js';

window.Quartieri = { areas, places, start };
