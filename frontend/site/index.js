/** The script of every page. Loaded before the body, so that nothing moves once it's painted. */
import { startCopyButtons } from './copy_buttons.js';
import { startDevicePosition } from './device_position.js';
import { startLiveForms } from './live_form.js';
import { startMenu } from './menu.js';
import { startPrintButtons } from './print_buttons.js';
import { startSearchBoxes } from './search_box.js';

document.documentElement.classList.add('js');

document.addEventListener('DOMContentLoaded', () => {
  startMenu();
  startLiveForms();
  startCopyButtons();
  startDevicePosition();
  startPrintButtons();
  startSearchBoxes();
});
