/** The page's checkboxes and fields say which places are drawn; the address says what they say. */
import { keep } from '../../shared/address_state.js';

/**
 * @typedef {{marker: import('leaflet').Marker, group: string, kind: string, quartiere?: string}} Entry
 */

/** @returns {HTMLInputElement[]} */
const switches = () => [...document.querySelectorAll('[data-layers] input[type="checkbox"]')];
/** @returns {HTMLSelectElement[]} */
const fields = () => [...document.querySelectorAll('[data-map-filter] [data-state]')];

/** @returns {(entry: Entry) => boolean} whether a place is to be drawn */
function wanted() {
  const off = new Set(switches().flatMap((box) => (box.checked ? [] : [box.value])));
  const { tipo = '', quartiere = '' } = Object.fromEntries(fields().map(({ name, value }) => [name, value]));
  return (entry) =>
    !off.has(entry.group) &&
    (!tipo || tipo === entry.group || tipo === entry.kind) &&
    (!quartiere || quartiere === entry.quartiere);
}

/** Writes what is chosen into the address; what is as at first needs no words there. */
function keepAll() {
  const boxes = switches();
  if (!boxes.length) return;
  const on = boxes.filter((box) => box.checked).map((box) => box.value);
  keep('strati', on.length === boxes.length ? '' : on.join(',') || document.querySelector('[data-layers]').dataset.layers);
  for (const field of fields()) keep(field.dataset.state, field.value);
}

/** @param {number} number of places that are drawn */
function say(number) {
  const place = document.querySelector('[data-shown]');
  if (place) place.textContent = place.dataset.shown.replace('{n}', String(number));
}

/**
 * Puts the places that are wanted into the cluster, and follows the choice.
 * @param {import('leaflet').MarkerClusterGroup} cluster
 * @param {Entry[]} entries
 * @param {Promise<void>} [filled] when the cluster holds what was wanted at first
 */
export function startLayers(cluster, entries, filled = Promise.resolve()) {
  let drawn = new Set(entries.filter(wanted()));
  const markers = (some) => some.map(({ marker }) => marker);
  cluster.addLayers(markers([...drawn]));
  say(drawn.size);
  const update = async () => {
    keepAll();
    await filled;
    const next = new Set(entries.filter(wanted()));
    cluster.removeLayers(markers([...drawn].filter((entry) => !next.has(entry))));
    cluster.addLayers(markers([...next].filter((entry) => !drawn.has(entry))));
    drawn = next;
    say(drawn.size);
  };
  for (const control of [...switches(), ...fields()]) control.addEventListener('change', update);
  // The choice of what colours the map writes an address of its own.
  document.addEventListener('quartieri:coverage', keepAll);
}
