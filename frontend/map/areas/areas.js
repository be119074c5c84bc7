/** The quartieri: outlines to click and tab to, coloured by the page's table. */
import { onCoverageChange, readCoverage } from './choropleth_table.js';
import { svg } from '../parts/elements.js';
import { load } from '../parts/load_json.js';
import L from '../parts/leaflet.js';
import { addNames } from './area_names.js';
import { startOutline } from './area_outline.js';
import { popup } from '../parts/popups.js';
import { labelsOf } from '../parts/labels.js';

/**
 * @typedef {{slug: string, name: string, url: string, indicative: boolean, label: [number, number]}} Area
 * @param {import('leaflet').Path} path
 * @returns {Area}
 */
const areaOf = (path) => path.feature.properties;

/**
 * The hatching of areas without a value, where the paths can refer to it.
 * @param {import('leaflet').Map} map
 */
function addHatch(map) {
  const drawing = map.getPane('overlayPane').querySelector('svg');
  if (!drawing || document.getElementById('hatch')) return;
  const size = { width: 7, height: 7 };
  const pattern = svg(
    'pattern',
    { id: 'hatch', patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)', ...size },
    svg('rect', { class: 'hatch-ground', ...size }),
    svg('path', { class: 'hatch-line', d: 'M0 0V7' }),
  );
  drawing.prepend(svg('defs', {}, pattern));
}

/** @param {import('leaflet').Path} path */
function openByKey(path) {
  path.getElement().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    const [lon, lat] = areaOf(path).label;
    path.openPopup([lat, lon]);
  });
}

/**
 * @param {import('leaflet').Path} path
 * @param {Map<string, import('./choropleth_table.js').Row>|null} coverage
 */
function colour(path, coverage) {
  const element = path.getElement();
  const { slug, name } = areaOf(path);
  const row = coverage?.get(slug);
  const others = [...element.classList].filter((each) => each.startsWith('class-') || each === 'area-plain');
  element.classList.remove(...others);
  element.classList.add(coverage ? `class-${row?.class ?? 'none'}` : 'area-plain');
  element.setAttribute('aria-label', row?.value ? `${name}: ${row.value}` : name);
  if (path.isPopupOpen()) path.getPopup().update();
}

/**
 * @param {import('leaflet').Map} map
 * @param {Area} area
 * @returns {HTMLElement}
 */
function describe(map, area) {
  const labels = labelsOf(map);
  const { value, url = area.url } = readCoverage()?.get(area.slug) ?? {};
  return popup({
    name: area.name,
    lines: value ? [value] : [],
    notes: area.indicative ? [labels.indicative] : [],
    link: { url, text: labels.open_area },
  });
}

/**
 * @param {import('leaflet').Map} map
 * @param {import('leaflet').Path} path
 */
function equip(map, path) {
  const element = path.getElement();
  element.setAttribute('tabindex', '0');
  element.setAttribute('role', 'button');
  element.dataset.slug = areaOf(path).slug;
  path.bindPopup(() => describe(map, areaOf(path)));
  openByKey(path);
}

/**
 * @param {import('leaflet').Map} map
 * @param {GeoJSON.FeatureCollection} collection
 */
function show(map, collection) {
  const style = ({ properties }) => ({ className: properties.indicative ? 'area area-indicative' : 'area' });
  const layer = L.geoJSON(collection, { style }).addTo(map);
  const paint = () => {
    const coverage = readCoverage();
    layer.eachLayer((path) => colour(path, coverage));
  };
  layer.eachLayer((path) => equip(map, path));
  addHatch(map);
  paint();
  onCoverageChange(paint);
  startOutline(map, layer);
  addNames(map, layer);
}

/**
 * The quartieri as a ground: outlines and names only, and clicks go to the map.
 * @param {import('leaflet').Map} map
 * @param {GeoJSON.FeatureCollection} collection
 */
function showGround(map, collection) {
  const style = ({ properties }) => ({
    className: properties.indicative ? 'area area-plain area-indicative' : 'area area-plain',
  });
  addNames(map, L.geoJSON(collection, { style, interactive: false }).addTo(map));
}

/**
 * @param {import('leaflet').Map} map
 * @param {{url: string, ground: boolean}} options
 */
export function areas(map, { url, ground }) {
  load(map, url, (collection) => (ground ? showGround : show)(map, collection));
}
