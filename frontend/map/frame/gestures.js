/** A map must not hold a page that is being scrolled: it needs two fingers, or Ctrl. */
import { html } from '../parts/elements.js';
import { labelsOf } from '../parts/labels.js';

const HINT_MILLISECONDS = 1500;

/**
 * @param {HTMLElement} container
 * @returns {(text: string) => void} shows a text over the map for a moment
 */
function addHint(container) {
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
  const showHint = addHint(container);
  /** @param {WheelEvent} event */
  const onWheel = (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.stopImmediatePropagation(); // Leaflet doesn't see it, the page scrolls
    showHint(labels.ctrl_wheel);
  };
  /** @param {TouchEvent} event */
  const onTouchMove = (event) => {
    if (event.touches.length === 1 && !map.dragging.enabled()) showHint(labels.two_fingers);
  };
  container.addEventListener('wheel', onWheel, { capture: true, passive: true });
  container.addEventListener('touchmove', onTouchMove, { passive: true });
}
