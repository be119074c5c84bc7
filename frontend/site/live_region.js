/**
 * Says something to those who don't see the page change.
 * @param {string} text
 */
export function announce(text) {
  const region = document.querySelector('[data-announcements]');
  if (region) region.textContent = text;
}
