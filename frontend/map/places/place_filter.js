/** The page's checkboxes and fields filter the places on the map; the address holds their values. */
import { setAddressState } from '../../shared/address_state.js';
import { LAYERS, MAP_FILTER, SHOWN, STATE } from '../../shared/data_attributes.js';
import { find, findAll, read } from '../../shared/page.js';

/**
 * @typedef {{marker: import('leaflet').Marker, group: string, kind: string, quartiere?: string}} Entry
 */

/** @returns {HTMLInputElement[]} a checkbox for each layer; none on a page without layers */
function layerBoxes() {
  const inputs = findAll(LAYERS, HTMLElement).flatMap((part) => [...part.querySelectorAll('input')]);
  return inputs.filter(({ type }) => type === 'checkbox');
}

/** @returns {(HTMLSelectElement|HTMLInputElement)[]} */
function filterFields() {
  return findAll(MAP_FILTER, HTMLElement)
    .flatMap((part) => findAll(STATE, HTMLElement, part))
    .filter((field) => field instanceof HTMLSelectElement || field instanceof HTMLInputElement);
}

/** @returns {(entry: Entry) => boolean} whether a place passes the present filter */
function currentFilter() {
  const off = new Set(layerBoxes().flatMap((box) => (box.checked ? [] : [box.value])));
  const values = new Map(filterFields().map(({ name, value }) => [name, value]));
  const kind = values.get('tipo');
  const quartiere = values.get('quartiere');
  return (entry) =>
    !off.has(entry.group) &&
    (!kind || kind === entry.group || kind === entry.kind) &&
    (!quartiere || quartiere === entry.quartiere);
}

/** Writes the choice into the address; a default needs no parameter. */
function updateAddress() {
  const boxes = layerBoxes();
  if (!boxes.length) return;
  const on = boxes.filter((box) => box.checked).map((box) => box.value);
  const noLayer = findAll(LAYERS, HTMLElement).map((part) => read(part, LAYERS))[0] ?? '';
  setAddressState('strati', on.length === boxes.length ? '' : on.join(',') || noLayer);
  for (const field of filterFields()) setAddressState(read(field, STATE), field.value);
}

/** @param {number} count of the places on the map */
function showCount(count) {
  const text = find(SHOWN, HTMLElement);
  if (text) text.textContent = read(text, SHOWN).replace('{n}', String(count));
}

/** @param {Iterable<Entry>} entries */
const markersOf = (entries) => [...entries].map(({ marker }) => marker);

/**
 * Puts the places that pass the filter into the cluster, and again after each change.
 * @param {import('leaflet').MarkerClusterGroup} cluster
 * @param {Entry[]} entries
 * @param {Promise<void>} [filled] resolved once the cluster holds the first of them
 */
export function startFilter(cluster, entries, filled = Promise.resolve()) {
  let drawn = new Set(entries.filter(currentFilter()));
  cluster.addLayers(markersOf(drawn));
  showCount(drawn.size);
  const update = async () => {
    updateAddress();
    await filled;
    const next = new Set(entries.filter(currentFilter()));
    cluster.removeLayers(markersOf([...drawn].filter((entry) => !next.has(entry))));
    cluster.addLayers(markersOf([...next].filter((entry) => !drawn.has(entry))));
    drawn = next;
    showCount(drawn.size);
  };
  for (const control of [...layerBoxes(), ...filterFields()]) control.addEventListener('change', update);
  // The choice of what colours the map writes an address of its own.
  document.addEventListener('quartieri:coverage', updateAddress);
}
