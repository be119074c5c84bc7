/** The address of the page of what is near a point. */

/** The form's fields, and the parameters, that name the point. */
const POINT_PARAMETERS = ['q', 'nome', 'lon', 'lat'];

/**
 * @param {HTMLFormElement} form the choices beside the point are taken from it
 * @param {{lon: number, lat: number}} point in degrees
 * @param {number} [decimals] of a degree; 5 are about a metre
 * @returns {string}
 */
export function nearAddress(form, { lon, lat }, decimals = 5) {
  const url = new URL(form.action, window.location.href);
  url.search = new URLSearchParams({ lon: lon.toFixed(decimals), lat: lat.toFixed(decimals) }).toString();
  for (const [name, value] of new FormData(form)) {
    if (value && !POINT_PARAMETERS.includes(name)) url.searchParams.append(name, String(value));
  }
  return url.href;
}
