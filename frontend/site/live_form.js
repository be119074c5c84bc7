/**
 * A form that acts at once. It works as a plain GET form; here the same page is
 * fetched with the new choice, and the parts that depend on it are replaced.
 */
import { CHOICE, COVERAGE, LANGUAGES } from '../shared/data_attributes.js';
import { find, findAll, textOf } from '../shared/page.js';
import { announce } from './live_region.js';

/** The parts that depend on the choice; the links to other languages contain it. */
const PARTS = [COVERAGE, LANGUAGES];

/**
 * @param {HTMLFormElement} form
 * @returns {URL} the page's address with the form's present values
 */
function addressOf(form) {
  const url = new URL(form.action, window.location.href);
  for (const [name, value] of new FormData(form)) url.searchParams.append(name, String(value));
  return url;
}

/**
 * @param {URL} url
 * @param {AbortSignal} signal
 * @returns {Promise<Document>}
 */
async function fetchPage(url, signal) {
  const response = await fetch(url, { signal, headers: { Accept: 'text/html' } });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return new DOMParser().parseFromString(await response.text(), 'text/html');
}

/** @param {Document} page */
function replaceParts(page) {
  for (const attribute of PARTS) {
    const fresh = find(attribute, HTMLElement, page);
    const stale = find(attribute, HTMLElement);
    if (fresh && stale) stale.replaceWith(document.adoptNode(fresh));
  }
}

/** @returns {string} what the page shows now: the heading of the part that changed */
function summary() {
  const heading = find(COVERAGE, HTMLElement)?.querySelector('h2, caption');
  return heading ? textOf(heading) : '';
}

/**
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal
 */
async function update(form, signal) {
  const url = addressOf(form);
  form.setAttribute('aria-busy', 'true');
  try {
    const page = await fetchPage(url, signal);
    replaceParts(page);
    document.title = page.title;
    window.history.replaceState(null, '', url);
    document.dispatchEvent(new CustomEvent('quartieri:coverage'));
    announce(summary());
  } catch (error) {
    if (signal.aborted) return;
    console.info('The page is loaded as a whole', error);
    form.submit(); // the plain way shows the choice, or the error's page
  }
  form.removeAttribute('aria-busy');
}

/** Makes each form with data-choice act on every change; the last change wins. */
export function startLiveForms() {
  for (const form of findAll(CHOICE, HTMLFormElement)) {
    let last = new AbortController();
    form.addEventListener('change', () => {
      last.abort();
      last = new AbortController();
      void update(form, last.signal);
    });
  }
}
