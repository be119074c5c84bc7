/** The search box: a plain form, which here suggests while someone types. */
import { MANY, NONE, SEARCH, SINGLE, TYPE_OF_OPTION, URL_OF_OPTION } from '../shared/data_attributes.js';
import { findAll, read } from '../shared/page.js';
import { Combobox } from './combobox.js';
import { announce } from './live_region.js';
import { Suggestions } from './suggestions.js';

/** Milliseconds for a screen reader to say the letters before it says how many results there are. */
const ANNOUNCEMENT_DELAY = 600;

/**
 * @param {import('./suggestions.js').Suggestion} suggestion
 * @returns {HTMLElement} its option; names are set as text, never as HTML
 */
function makeOption({ type, name, detail, url }) {
  const option = document.createElement('li');
  option.setAttribute(URL_OF_OPTION, url);
  option.setAttribute(TYPE_OF_OPTION, type);
  for (const [className, text] of [['suggestion-name', name], ['suggestion-detail', detail]]) {
    const part = document.createElement('span');
    part.className = className;
    part.textContent = text;
    option.append(part, ' ');
  }
  return option;
}

/**
 * @param {HTMLFormElement} form
 * @param {number} count
 * @returns {string} the number of suggestions, in the page's language
 */
function countText(form, count) {
  const attribute = [NONE, SINGLE][count] ?? MANY;
  return read(form, attribute).replace('{n}', String(count));
}

/** @param {HTMLFormElement} form */
function startSearch(form) {
  const input = form.querySelector('input');
  const list = form.querySelector('ul');
  if (!input || !list) return;
  const suggestions = new Suggestions(read(form, SEARCH));
  const combobox = new Combobox(input, list, (option) => window.location.assign(read(option, URL_OF_OPTION)));
  let announcement = 0;
  /** @param {import('./suggestions.js').Suggestion[]} found */
  const show = (found) => {
    if (document.activeElement !== input) return;
    combobox.show(found.map(makeOption));
    announcement = window.setTimeout(() => announce(countText(form, found.length)), ANNOUNCEMENT_DELAY);
  };
  const stop = () => {
    window.clearTimeout(announcement);
    suggestions.stop();
  };
  input.addEventListener('input', () => {
    stop();
    announce('');
    if (input.value.trim()) suggestions.request(input.value, show);
    else combobox.show([]);
  });
  input.addEventListener('blur', stop);
  form.addEventListener('submit', stop);
}

/** Makes each search form suggest. */
export function startSearchBoxes() {
  findAll(SEARCH, HTMLFormElement).forEach(startSearch);
}
