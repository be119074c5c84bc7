/**
 * The form that chooses what a page shows. It works as a plain GET form; here
 * the same page is fetched with the new choice, and what depends on it replaced.
 */
import { announce } from './live_region.js';

/** What depends on the choice; the links to other languages carry it along. */
const PARTS = ['[data-coverage]', '[data-languages]'];

/**
 * @param {HTMLFormElement} form
 * @returns {URL} the page's address with what the form says now
 */
function address(form) {
  const url = new URL(form.action, window.location.href);
  url.search = new URLSearchParams(new FormData(form)).toString();
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
  for (const selector of PARTS) {
    const fresh = page.querySelector(selector);
    const stale = document.querySelector(selector);
    if (fresh && stale) stale.replaceWith(document.adoptNode(fresh));
  }
}

/** @returns {string} what the page shows now, in words: its own, or the heading's */
function spoken() {
  const coverage = document.querySelector('[data-coverage]');
  return coverage?.dataset.announce ?? coverage?.querySelector('h2, caption')?.textContent.trim() ?? '';
}

/**
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal
 */
async function update(form, signal) {
  const url = address(form);
  form.setAttribute('aria-busy', 'true');
  try {
    const page = await fetchPage(url, signal);
    replaceParts(page);
    document.title = page.title;
    window.history.replaceState(null, '', url);
    document.dispatchEvent(new CustomEvent('quartieri:coverage'));
    announce(spoken());
  } catch (error) {
    if (error.name === 'AbortError') return;
    form.submit(); // the plain way shows the choice, or says what's wrong
  }
  form.removeAttribute('aria-busy');
}

/** Makes each form with data-choice act as soon as something else is chosen. */
export function startChoices() {
  for (const form of document.querySelectorAll('form[data-choice]')) {
    let last = new AbortController();
    form.addEventListener('change', () => {
      last.abort();
      last = new AbortController();
      update(form, last.signal);
    });
  }
}
