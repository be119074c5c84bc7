/** Popups: their content, and the keyboard's way in and out. */
import { html } from './elements.js';
import { labelsOf } from './labels.js';

/**
 * @typedef {{name: string, lines: string[], notes: string[], link?: {url: string, text: string}}} Content
 * @param {Content} content
 * @returns {HTMLElement} all of it is text, never HTML
 */
export function popupContent({ name, lines, notes, link }) {
  const element = html('div', {}, html('p', { class: 'popup-name' }, name));
  for (const line of lines) element.append(html('p', {}, line));
  for (const note of notes) element.append(html('p', { class: 'popup-note' }, note));
  if (link) element.append(html('p', {}, html('a', { href: link.url }, link.text)));
  return element;
}

/**
 * @param {HTMLElement} container
 * @param {string} close the name of the close button
 */
function nameDialog(container, close) {
  container.setAttribute('role', 'dialog');
  container.setAttribute('aria-label', container.querySelector('.popup-name')?.textContent ?? '');
  container.querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', close);
}

/**
 * A popup takes the focus when it opens and gives it back when it closes.
 * @param {import('leaflet').Map} map
 */
export function startPopups(map) {
  /** @type {HTMLElement|SVGElement|null} */
  let before = null;
  map.on('popupopen', ({ popup }) => {
    const container = popup.getElement();
    if (!container) return;
    nameDialog(container, labelsOf(map).close);
    const { activeElement } = document;
    if (!container.contains(activeElement)) {
      before = activeElement instanceof HTMLElement || activeElement instanceof SVGElement ? activeElement : null;
    }
    container.querySelector('a')?.focus({ preventScroll: true });
  });
  map.on('popupclose', ({ popup }) => {
    if (popup.getElement()?.contains(document.activeElement)) before?.focus({ preventScroll: true });
  });
}
