import { ANNOUNCEMENTS } from '../shared/data_attributes.js';
import { find } from '../shared/page.js';

/**
 * Puts a text into the live region, where screen readers speak it.
 * @param {string} text
 */
export function announce(text) {
  const region = find(ANNOUNCEMENTS, HTMLElement);
  if (region) region.textContent = text;
}
