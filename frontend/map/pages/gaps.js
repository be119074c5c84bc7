/**
 * Who has nothing near: the cells out of reach, the places that count, and the sites and
 * what-ifs that the page lists. The page says all of it as text, too.
 */
import { showCentre } from './pick_point.js';
import { load } from '../parts/load_json.js';
import { numberIcon } from '../parts/icons.js';
import L from '../parts/leaflet.js';
import { places } from '../places/places.js';
import { labelsOf } from '../parts/labels.js';

const CELLS = 'cells';

/**
 * The cells as one path, below outlines and markers, that lets clicks through.
 * @param {import('leaflet').Map} map
 * @param {GeoJSON.Feature} feature
 */
function showCells(map, feature) {
  const pane = map.createPane(CELLS);
  pane.style.zIndex = '410'; // over the areas' colours, under the markers
  pane.style.pointerEvents = 'none';
  L.geoJSON(feature, { pane, style: { className: 'gap-cells' }, interactive: false }).addTo(map);
}

/**
 * A numbered sign for each row of the page that has a point.
 * @param {import('leaflet').Map} map
 * @param {string} selector
 * @param {string} label with {n} for the number
 * @param {string} className
 */
function showRows(map, selector, label, className) {
  [...document.querySelectorAll(selector)].forEach((row, at) => {
    const icon = numberIcon(at + 1, label.replace('{n}', String(at + 1)), className);
    const { lat, lon } = row.dataset;
    const options = { icon, interactive: false, keyboard: false, zIndexOffset: 1000 };
    const marker = L.marker([Number(lat), Number(lon)], options).addTo(map);
    marker.getElement().setAttribute('role', 'img');
  });
}

/**
 * Goes to the same question with one more place.
 * @param {import('leaflet').LatLng} latlng
 */
function add(latlng) {
  const { lng, lat } = latlng.wrap();
  const url = new URL(window.location.href);
  url.searchParams.delete('indirizzo');
  url.searchParams.append('aggiungi', `${lng.toFixed(5)},${lat.toFixed(5)}`);
  url.hash = 'ipotesi';
  window.location.assign(url);
}

/**
 * While the button is pressed a click on the map adds a place there, whatever lies under it.
 * @param {import('leaflet').Map} map
 * @param {HTMLElement} button
 */
function startClicking(map, button) {
  const container = map.getContainer();
  const hint = document.querySelector('[data-add-hint]');
  const isOn = () => button.getAttribute('aria-pressed') === 'true';
  const switchTo = (on) => {
    button.setAttribute('aria-pressed', String(on));
    container.classList.toggle('map-adding', on);
    hint.textContent = on ? hint.dataset.addHint : '';
  };
  button.addEventListener('click', () => {
    switchTo(!isOn());
    if (isOn()) container.scrollIntoView({ block: 'center' });
  });
  document.addEventListener('keydown', ({ key }) => key === 'Escape' && switchTo(false));
  const take = (event) => {
    if (!isOn() || event.target.closest('.leaflet-control') || map.dragging?.moved()) return;
    event.stopPropagation();
    event.preventDefault();
    add(map.mouseEventToLatLng(event));
  };
  container.addEventListener('click', take, true);
}

/**
 * By mouse and finger a click, by keyboard the map's centre: either joins the what-if.
 * @param {import('leaflet').Map} map
 */
function startAdding(map) {
  const centre = document.querySelector('[data-add-centre]');
  showCentre(map, centre);
  centre.addEventListener('click', () => add(map.getCenter()));
  startClicking(map, document.querySelector('[data-add-click]'));
}

/** @param {import('leaflet').Map} map */
export function gaps(map) {
  const labels = labelsOf(map);
  const page = document.querySelector('[data-gaps]');
  load(map, page.dataset.cells, (feature) => showCells(map, feature));
  places(map, { url: page.dataset.places });
  showRows(map, '[data-site]', labels.site, 'marker-site');
  showRows(map, '[data-added]', labels.added, 'marker-added');
  startAdding(map);
}
