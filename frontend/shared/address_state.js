/** State that the address keeps, and all that leads to this page in another form. */

/**
 * @param {string} address
 * @param {string} name
 * @param {string} value
 * @returns {string} the address with the value; without it where it's empty
 */
function withValue(address, name, value) {
  const url = new URL(address, window.location.href);
  if (value) url.searchParams.set(name, value);
  else url.searchParams.delete(name);
  return url.href.replaceAll('%2C', ',');
}

/**
 * Keeps a value in the address, in the links to other languages and in the forms that carry it.
 * @param {string} name
 * @param {string} value empty: as at first
 */
export function keep(name, value) {
  window.history.replaceState(null, '', withValue(window.location.href, name, value));
  for (const link of document.querySelectorAll('[data-languages] a')) link.href = withValue(link.href, name, value);
  for (const field of document.querySelectorAll(`input[data-kept][name="${name}"]`)) {
    field.value = value;
    field.disabled = !value;
  }
}
