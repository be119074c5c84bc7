/** A map must not hold a page that is being scrolled: it asks for two fingers, or for Ctrl. */
import { html } from '../parts/elements.js';
import { labelsOf } from '../parts/labels.js';

const HINT_MILLISECONDS = 1500;

/**
 * @param {HTMLElement} container
 * @returns {(text: string) => void} shows a text over the map for a moment
 */
function hints(container) {
  const hint = html('p', { class: 'map-hint', hidden: '', 'aria-hidden': 'true' });
  container.append(hint);
  let timer = 0;
  return (text) => {
    hint.textContent = text;
    hint.hidden = false;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      hint.hidden = true;
    }, HINT_MILLISECONDS);
  };
}

/** @param {import('leaflet').Map} map */
export function startGestures(map) {
  const container = map.getContainer();
  const labels = labelsOf(map);
  const show = hints(container);
  const askForCtrl = (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.stopImmediatePropagation(); // Leaflet doesn't see it, the page scrolls
    show(labels.ctrl_wheel);
  };
  const askForTwoFingers = (event) => {
    if (event.touches.length === 1 && !map.dragging.enabled()) show(labels.two_fingers);
  };
  container.addEventListener('wheel', askForCtrl, { capture: true, passive: true });
  container.addEventListener('touchmove', askForTwoFingers, { passive: true });
}
