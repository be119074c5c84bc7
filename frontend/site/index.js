/** What every page needs. Loaded before the body, so that nothing moves once it's painted. */
import { startChoices } from './live_form.js';
import { startCopying } from './copy_buttons.js';
import { startDevice } from './device_position.js';
import { startMenu } from './menu.js';
import { startPrinting } from './print_buttons.js';
import { startSearches } from './search_box.js';

document.documentElement.classList.add('js');

document.addEventListener('DOMContentLoaded', () => {
  startMenu();
  startChoices();
  startCopying();
  startDevice();
  startPrinting();
  startSearches();
});
