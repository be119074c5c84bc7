/** Picks another point on the map: by a click and a link, or with the map's centre. */
import { NEAR_CENTRE, NEAR_FORM } from '../../shared/data_attributes.js';
import { nearAddress } from '../../shared/near_address.js';
import { need } from '../../shared/page.js';
import { svg } from '../parts/elements.js';
import L from '../parts/leaflet.js';
import { popupContent } from '../parts/popups.js';

/**
 * @param {import('leaflet').LatLng} latlng
 * @returns {string} the address of what is near it, everything else as in the form
 */
function addressAt(latlng) {
  const { lng: lon, lat } = latlng.wrap();
  return nearAddress(need(NEAR_FORM, HTMLFormElement), { lon, lat });
}

/**
 * A click shows a link before it leads away: maps are clicked by mistake, and twice to zoom.
 * @param {import('leaflet').Map} map
 * @param {import('../parts/labels.js').Labels} labels
 */
function pickByClick(map, labels) {
  let hadPopup = false;
  map.on('preclick', () => {
    hadPopup = Boolean(map.getContainer().querySelector('.leaflet-popup'));
  });
  map.on('click', ({ latlng }) => {
    if (hadPopup) return; // that click closed it
    const link = { url: addressAt(latlng), text: labels.near_point };
    const content = popupContent({ name: labels.this_point, lines: [], notes: [], link });
    L.popup().setLatLng(latlng).setContent(content).openOn(map);
  });
}

/**
 * A cross in the middle of the map, while the button has the focus or the pointer, or the map the focus.
 * @param {import('leaflet').Map} map
 * @param {HTMLElement} button that uses the centre
 */
export function showCentre(map, button) {
  const cross = svg('svg', { class: 'map-centre', viewBox: '0 0 32 32', 'aria-hidden': 'true' });
  cross.append(svg('path', { d: 'M16 2v28M2 16h28' }));
  const container = map.getContainer();
  container.append(cross);
  const update = () => {
    const focused = document.activeElement === button || document.activeElement === container;
    cross.classList.toggle('shown', focused || button.matches(':hover'));
  };
  const updateSoon = () => setTimeout(update); // the focus has moved by then
  for (const type of ['focusin', 'focusout', 'mouseover', 'mouseout']) button.addEventListener(type, updateSoon);
  for (const type of ['focusin', 'focusout']) container.addEventListener(type, updateSoon);
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('../parts/labels.js').Labels} labels
 */
export function startPicking(map, labels) {
  pickByClick(map, labels);
  const button = need(NEAR_CENTRE, HTMLButtonElement);
  showCentre(map, button);
  button.addEventListener('click', () => window.location.assign(addressAt(map.getCenter())));
}
