/** Parameters that the page's address holds, so that links to it show the same. */
import { ADDRESS_STATE, LANGUAGES } from './data_attributes.js';
import { findAll } from './page.js';

/**
 * @param {string} address
 * @param {string} name
 * @param {string} value
 * @returns {string} the address with the parameter; without it where the value is empty
 */
function withParameter(address, name, value) {
  const url = new URL(address, window.location.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  return url.href.replaceAll('%2C', ',');
}

/**
 * Writes a parameter into the address, the links to other languages and the forms that take it along.
 * @param {string} name
 * @param {string} value empty for the default, which needs no parameter
 */
export function setAddressState(name, value) {
  window.history.replaceState(null, '', withParameter(window.location.href, name, value));
  const links = findAll(LANGUAGES, HTMLElement).flatMap((part) => [...part.querySelectorAll('a')]);
  for (const link of links) link.href = withParameter(link.href, name, value);
  for (const field of findAll(ADDRESS_STATE, HTMLInputElement)) {
    if (field.name !== name) continue;
    field.value = value;
    field.disabled = !value;
  }
}
