/**
 * The map of coverage: the cells out of reach, the places that count, and the sites and
 * added places that the page lists. The page has all of it as text, too.
 */
import {
  ADD_CENTRE, ADD_CLICK, ADD_HINT, ADDED, CELLS, GAPS, PLACES, SITE,
} from '../../shared/data_attributes.js';
import { findAll, need, read } from '../../shared/page.js';
import { numberIcon } from '../parts/icons.js';
import { labelsOf } from '../parts/labels.js';
import L, { addPane, elementOf, pointOf } from '../parts/leaflet.js';
import { loadJson } from '../parts/load_json.js';
import { places } from '../places/places.js';
import { showCentre } from './pick_point.js';

/**
 * The cells as one path, below outlines and markers.
 * @param {import('leaflet').Map} map
 * @param {GeoJSON.Feature} feature
 */
function showCells(map, feature) {
  const pane = addPane(map, 'cells', 410); // over the areas' colours
  const options = { pane, style: { className: 'gap-cells' }, interactive: false };
  L.geoJSON(feature, options).addTo(map);
}

/**
 * A numbered marker for each row of the page with the attribute.
 * @param {import('leaflet').Map} map
 * @param {string} attribute
 * @param {string} label with {n} for the number
 * @param {string} className
 */
function showRows(map, attribute, label, className) {
  findAll(attribute, HTMLElement).forEach((row, at) => {
    const icon = numberIcon(at + 1, label.replace('{n}', String(at + 1)), className);
    const options = { icon, interactive: false, keyboard: false, zIndexOffset: 1000 };
    const marker = L.marker(pointOf(row), options).addTo(map);
    elementOf(marker).setAttribute('role', 'img');
  });
}

/**
 * Goes to the same question with one more place.
 * @param {import('leaflet').LatLng} latlng
 */
function addPlace(latlng) {
  const { lng, lat } = latlng.wrap();
  const url = new URL(window.location.href);
  url.searchParams.delete('indirizzo');
  url.searchParams.append('aggiungi', `${lng.toFixed(5)},${lat.toFixed(5)}`);
  url.hash = 'ipotesi';
  window.location.assign(url);
}

/**
 * While the button is pressed a click on the map adds a place there, also over an outline or a marker.
 * @param {import('leaflet').Map} map
 * @param {HTMLElement} button
 */
function addByClick(map, button) {
  const container = map.getContainer();
  const hint = need(ADD_HINT, HTMLElement);
  const isOn = () => button.getAttribute('aria-pressed') === 'true';
  /** @param {boolean} on */
  const setOn = (on) => {
    button.setAttribute('aria-pressed', String(on));
    container.classList.toggle('map-adding', on);
    hint.textContent = on ? read(hint, ADD_HINT) : '';
  };
  button.addEventListener('click', () => {
    setOn(!isOn());
    if (isOn()) container.scrollIntoView({ block: 'center' });
  });
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && setOn(false));
  /** @param {MouseEvent} event */
  const onClick = (event) => {
    const onControl = event.target instanceof Element && event.target.closest('.leaflet-control');
    if (!isOn() || onControl || map.dragging.moved?.()) return;
    event.stopPropagation();
    event.preventDefault();
    addPlace(map.mouseEventToLatLng(event));
  };
  container.addEventListener('click', onClick, true);
}

/**
 * By mouse and finger a click, by keyboard the map's centre: either adds a place to the what-if.
 * @param {import('leaflet').Map} map
 */
function startAdding(map) {
  const centre = need(ADD_CENTRE, HTMLButtonElement);
  showCentre(map, centre);
  centre.addEventListener('click', () => addPlace(map.getCenter()));
  addByClick(map, need(ADD_CLICK, HTMLButtonElement));
}

/** @param {import('leaflet').Map} map */
export function gaps(map) {
  const labels = labelsOf(map);
  const page = need(GAPS, HTMLElement);
  /** @param {GeoJSON.Feature} feature */
  const show = (feature) => showCells(map, feature);
  void loadJson(map, read(page, CELLS), show);
  places(map, { url: read(page, PLACES) });
  showRows(map, SITE, labels.site, 'marker-site');
  showRows(map, ADDED, labels.added, 'marker-added');
  startAdding(map);
}
