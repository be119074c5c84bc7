/** The address of the page of what is near a point. */

/** What names the point in the form, and in the address. */
const OF_THE_POINT = ['q', 'nome', 'lon', 'lat'];

/**
 * @param {HTMLFormElement} form what is chosen beside the point stays
 * @param {{lon: number, lat: number}} point
 * @param {number} [decimals] of a degree that are kept; 5 are about a metre
 * @returns {string}
 */
export function addressNear(form, { lon, lat }, decimals = 5) {
  const url = new URL(form.action, window.location.href);
  url.search = new URLSearchParams({ lon: lon.toFixed(decimals), lat: lat.toFixed(decimals) }).toString();
  for (const [name, value] of new FormData(form)) {
    if (value && !OF_THE_POINT.includes(name)) url.searchParams.append(name, String(value));
  }
  return url.href;
}
