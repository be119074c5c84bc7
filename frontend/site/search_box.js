/** The search box: a plain form, which here suggests while someone types. */
import { announce } from './live_region.js';
import { Combobox } from './combobox.js';
import { Suggestions } from './suggestions.js';

/** How long a screen reader is left to say the letters before it says how many results there are. */
const HUSH = 600;

/**
 * @param {import('./suggestions.js').Suggestion} suggestion
 * @returns {HTMLElement} its option; names are set as text, never as HTML
 */
function optionOf({ type, name, detail, url }) {
  const option = document.createElement('li');
  option.dataset.url = url;
  option.dataset.type = type;
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
 * @returns {string} how many suggestions there are, in the page's language
 */
function told(form, count) {
  const { none, single, many } = form.dataset;
  return [none, single][count] ?? many.replace('{n}', String(count));
}

/** @param {HTMLFormElement} form */
function startSearch(form) {
  const input = form.querySelector('input');
  const suggestions = new Suggestions(form.dataset.search);
  const list = form.querySelector('[role="listbox"]');
  const combobox = new Combobox(input, list, (option) => window.location.assign(option.dataset.url));
  let hush = 0;
  const show = (found) => {
    if (document.activeElement !== input) return;
    combobox.show(found.map(optionOf));
    hush = window.setTimeout(() => announce(told(form, found.length)), HUSH);
  };
  input.addEventListener('input', () => {
    window.clearTimeout(hush);
    announce('');
    if (input.value.trim()) return suggestions.ask(input.value, show);
    suggestions.stop();
    return combobox.show([]);
  });
  for (const [target, event] of [[input, 'blur'], [form, 'submit']]) {
    target.addEventListener(event, () => {
      window.clearTimeout(hush);
      suggestions.stop();
    });
  }
}

/** Makes each search form suggest. */
export function startSearches() {
  document.querySelectorAll('form[data-search]').forEach(startSearch);
}
