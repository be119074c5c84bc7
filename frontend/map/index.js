/** The functions that the scripts of the maps call. */
import { areas } from './areas.js';
import { gaps } from './gaps.js';
import './leaflet.js';
import { near } from './near.js';
import { places } from './places.js';
import { start } from './start.js';

window.Quartieri = { areas, gaps, near, places, start };
