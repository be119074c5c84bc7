/** The quartieri: outlines to click and tab to, coloured by the page's table. */
import { SLUG } from '../../shared/data_attributes.js';
import { svg } from '../parts/elements.js';
import { labelsOf } from '../parts/labels.js';
import L, { elementOf } from '../parts/leaflet.js';
import { loadJson } from '../parts/load_json.js';
import { popupContent } from '../parts/popups.js';
import { addNames } from './area_names.js';
import { startOutline } from './area_outline.js';
import { onChoroplethChange, readChoropleth } from './choropleth_table.js';

/**
 * @typedef {{slug: string, name: string, url: string, indicative: boolean, label: [number, number]}} Area
 *   `label` is the point of its name: longitude and latitude
 * @typedef {GeoJSON.FeatureCollection<GeoJSON.Polygon|GeoJSON.MultiPolygon, Area>} Areas
 * @typedef {import('leaflet').Polygon<Area> & {feature: Areas['features'][number]}} AreaPath
 */

/**
 * @param {import('leaflet').GeoJSON} layer
 * @returns {AreaPath[]} its paths
 */
const pathsOf = (layer) => /** @type {AreaPath[]} */ (layer.getLayers());

/**
 * The hatching of areas without a value, where the paths can refer to it.
 * @param {import('leaflet').Map} map
 */
function addHatch(map) {
  const drawing = map.getPane('overlayPane')?.querySelector('svg');
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

/**
 * @param {Element} element
 * @param {AreaPath} path
 */
function openByKey(element, path) {
  element.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    event.stopPropagation();
    const [lon, lat] = path.feature.properties.label;
    path.openPopup([lat, lon]);
  });
}

/**
 * @param {AreaPath} path
 * @param {Map<string, import('./choropleth_table.js').Row>|null} choropleth
 */
function colour(path, choropleth) {
  const element = elementOf(path);
  const { slug, name } = path.feature.properties;
  const row = choropleth?.get(slug);
  const before = [...element.classList].filter((each) => each.startsWith('class-') || each === 'area-plain');
  element.classList.remove(...before);
  element.classList.add(choropleth ? `class-${row?.class ?? 'none'}` : 'area-plain');
  element.setAttribute('aria-label', row?.value ? `${name}: ${row.value}` : name);
  if (path.isPopupOpen()) path.getPopup()?.update();
}

/**
 * @param {import('leaflet').Map} map
 * @param {Area} area
 * @returns {HTMLElement}
 */
function areaPopup(map, area) {
  const labels = labelsOf(map);
  const { value, url = area.url } = readChoropleth()?.get(area.slug) ?? {};
  return popupContent({
    name: area.name,
    lines: value ? [value] : [],
    notes: area.indicative ? [labels.indicative] : [],
    link: { url, text: labels.open_area },
  });
}

/**
 * @param {import('leaflet').Map} map
 * @param {AreaPath} path
 */
function makeButton(map, path) {
  const element = elementOf(path);
  element.setAttribute('tabindex', '0');
  element.setAttribute('role', 'button');
  element.setAttribute(SLUG, path.feature.properties.slug);
  path.bindPopup(() => areaPopup(map, path.feature.properties));
  openByKey(element, path);
}

/**
 * @param {import('leaflet').Map} map
 * @param {Areas} collection
 * @param {string} className of outlines
 * @param {import('leaflet').GeoJSONOptions} [options]
 * @returns {AreaPath[]}
 */
function addPaths(map, collection, className, options = {}) {
  /** @param {GeoJSON.Feature<GeoJSON.Geometry, Area>} [area] */
  const style = (area) => ({ className: area?.properties.indicative ? `${className} area-indicative` : className });
  return pathsOf(L.geoJSON(collection, { style, ...options }).addTo(map));
}

/**
 * @param {import('leaflet').Map} map
 * @param {Areas} collection
 */
function showAreas(map, collection) {
  const paths = addPaths(map, collection, 'area');
  const colourAll = () => {
    const choropleth = readChoropleth();
    for (const path of paths) colour(path, choropleth);
  };
  for (const path of paths) makeButton(map, path);
  addHatch(map);
  colourAll();
  onChoroplethChange(colourAll);
  startOutline(map, paths);
  addNames(map, paths);
}

/**
 * The quartieri as a background: outlines and names only, and clicks go to the map.
 * @param {import('leaflet').Map} map
 * @param {Areas} collection
 */
function showBackground(map, collection) {
  addNames(map, addPaths(map, collection, 'area area-plain', { interactive: false }));
}

/**
 * @param {import('leaflet').Map} map
 * @param {{url: string, ground: boolean}} options
 */
export function areas(map, { url, ground }) {
  /** @param {Areas} collection */
  const show = (collection) => (ground ? showBackground : showAreas)(map, collection);
  void loadJson(map, url, show);
}
