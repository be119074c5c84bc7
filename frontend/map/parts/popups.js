/** Popups: their content, and the keyboard's way in and out. */
import { html } from './elements.js';
import { labelsOf } from './labels.js';

/**
 * @typedef {{name: string, lines: string[], notes: string[], link?: {url: string, text: string}}} Content
 * @param {Content} content
 * @returns {HTMLElement} everything in it is text, whatever the names hold
 */
export function popup({ name, lines, notes, link }) {
  const element = html('div', {}, html('p', { class: 'popup-name' }, name));
  for (const line of lines) element.append(html('p', {}, line));
  for (const note of notes) element.append(html('p', { class: 'popup-note' }, note));
  if (link) element.append(html('p', {}, html('a', { href: link.url }, link.text)));
  return element;
}

/**
 * @param {HTMLElement} container
 * @param {string} close
 */
function describe(container, close) {
  container.setAttribute('role', 'dialog');
  container.setAttribute('aria-label', container.querySelector('.popup-name')?.textContent ?? '');
  container.querySelector('.leaflet-popup-close-button')?.setAttribute('aria-label', close);
}

/**
 * A popup takes the focus when it opens and gives it back when it closes.
 * @param {import('leaflet').Map} map
 */
export function startPopups(map) {
  /** @type {Element|null} */
  let before = null;
  map.on('popupopen', ({ popup: opened }) => {
    const container = opened.getElement();
    describe(container, labelsOf(map).close);
    if (!container.contains(document.activeElement)) before = document.activeElement;
    const first = container.querySelector('.leaflet-popup-content a, a');
    first?.focus({ preventScroll: true });
  });
  map.on('popupclose', ({ popup: closed }) => {
    if (closed.getElement()?.contains(document.activeElement)) before?.focus({ preventScroll: true });
  });
}
