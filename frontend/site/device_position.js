/** The device's position: requested only when the button is pressed, and rounded before it's sent. */
import { DENIED, NEAR_DEVICE, NEAR_FORM, NEAR_MESSAGE, NEAR_NOTE, UNAVAILABLE, WAITING } from '../shared/data_attributes.js';
import { nearAddress } from '../shared/near_address.js';
import { find, need, read } from '../shared/page.js';

/** About ten metres: as good as a phone knows it among houses, and no better. */
const DECIMALS = 4;
const OPTIONS = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 */
function showMessage(form, text) {
  const message = need(NEAR_MESSAGE, HTMLElement, form);
  message.hidden = !text;
  message.textContent = text;
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button
 */
function requestPosition(form, button) {
  showMessage(form, read(button, WAITING));
  button.setAttribute('aria-disabled', 'true');
  /** @type {PositionCallback} */
  const onPosition = ({ coords }) => {
    const point = { lon: coords.longitude, lat: coords.latitude };
    window.location.assign(nearAddress(form, point, DECIMALS));
  };
  /** @type {PositionErrorCallback} */
  const onError = (error) => {
    button.removeAttribute('aria-disabled');
    showMessage(form, read(button, error.code === error.PERMISSION_DENIED ? DENIED : UNAVAILABLE));
  };
  navigator.geolocation.getCurrentPosition(onPosition, onError, OPTIONS);
}

/** Shows the button, and the note on what it does, where the browser knows positions. */
export function startDevicePosition() {
  const form = find(NEAR_FORM, HTMLFormElement);
  const button = form && find(NEAR_DEVICE, HTMLButtonElement, form);
  if (!button || !('geolocation' in navigator)) return;
  button.hidden = false;
  need(NEAR_NOTE, HTMLElement, form).hidden = false;
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') requestPosition(form, button);
  });
}
