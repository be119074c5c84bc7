/** The device's position: asked for only when the button is pressed, and rounded before it goes anywhere. */
import { addressNear } from '../shared/near_address.js';

/** About ten metres: as good as a phone knows it among houses, and no better. */
const DECIMALS = 4;
const OPTIONS = { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 };

/**
 * @param {HTMLButtonElement} button
 * @param {string} text
 */
function say(button, text) {
  const message = button.form.querySelector('[data-near-message]');
  message.hidden = !text;
  message.textContent = text;
}

/** @param {HTMLButtonElement} button */
function ask(button) {
  const { waiting, denied, unavailable } = button.dataset;
  say(button, waiting);
  button.setAttribute('aria-disabled', 'true');
  const found = ({ coords }) => {
    const point = { lon: coords.longitude, lat: coords.latitude };
    window.location.assign(addressNear(button.form, point, DECIMALS));
  };
  const failed = (error) => {
    button.removeAttribute('aria-disabled');
    say(button, error.code === error.PERMISSION_DENIED ? denied : unavailable);
  };
  navigator.geolocation.getCurrentPosition(found, failed, OPTIONS);
}

/** Shows the button, and what it does, where the device can be asked. */
export function startDevice() {
  const button = document.querySelector('[data-near-device]');
  if (!button || !navigator.geolocation) return;
  button.hidden = false;
  button.form.querySelector('[data-near-note]').hidden = false;
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') ask(button);
  });
}
