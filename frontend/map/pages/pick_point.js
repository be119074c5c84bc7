/** Another point, chosen on the map: by a click and a link, or with the map's centre. */
import { addressNear } from '../../shared/near_address.js';
import { svg } from '../parts/elements.js';
import L from '../parts/leaflet.js';
import { popup } from '../parts/popups.js';

/**
 * @param {import('leaflet').LatLng} latlng
 * @returns {string} the address of what is near it, everything else as in the form
 */
function addressOf(latlng) {
  const { lng: lon, lat } = latlng.wrap();
  return addressNear(document.querySelector('[data-near-form]'), { lon, lat });
}

/**
 * A click asks before it leads away: maps are clicked by mistake, and twice to zoom.
 * @param {import('leaflet').Map} map
 * @param {import('../parts/labels.js').Labels} labels
 */
function chooseByClick(map, labels) {
  let hadPopup = false;
  map.on('preclick', () => {
    hadPopup = Boolean(map.getContainer().querySelector('.leaflet-popup'));
  });
  map.on('click', ({ latlng }) => {
    if (hadPopup) return; // that click closed it
    const link = { url: addressOf(latlng), text: labels.near_point };
    L.popup().setLatLng(latlng).setContent(popup({ name: labels.this_point, lines: [], notes: [], link })).openOn(map);
  });
}

/**
 * A cross in the middle of the map, for as long as its centre may be meant.
 * @param {import('leaflet').Map} map
 * @param {HTMLElement} button
 */
export function showCentre(map, button) {
  const cross = svg('svg', { class: 'map-centre', viewBox: '0 0 32 32', 'aria-hidden': 'true' });
  cross.append(svg('path', { d: 'M16 2v28M2 16h28' }));
  const container = map.getContainer();
  container.append(cross);
  const update = () => {
    const meant = document.activeElement === button || document.activeElement === container;
    cross.classList.toggle('shown', meant || button.matches(':hover'));
  };
  for (const type of ['focusin', 'focusout', 'mouseover', 'mouseout']) {
    button.addEventListener(type, () => setTimeout(update));
    if (type.startsWith('focus')) container.addEventListener(type, () => setTimeout(update));
  }
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('../parts/labels.js').Labels} labels
 */
export function startChoosing(map, labels) {
  chooseByClick(map, labels);
  const button = document.querySelector('[data-near-centre]');
  showCentre(map, button);
  button.addEventListener('click', () => window.location.assign(addressOf(map.getCenter())));
}
