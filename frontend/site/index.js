/** What every page needs. Loaded before the body, so that nothing moves once it's painted. */
import { startChoices } from './choice.js';
import { startCopying } from './copy.js';
import { startDevice } from './device.js';
import { startMenu } from './menu.js';
import { startPrinting } from './print.js';
import { startSearches } from './search.js';

document.documentElement.classList.add('js');

document.addEventListener('DOMContentLoaded', () => {
  startMenu();
  startChoices();
  startCopying();
  startDevice();
  startPrinting();
  startSearches();
});
