/** Buttons that copy the text of a field. */
import { COPIED, COPY, NOT_COPIED } from '../shared/data_attributes.js';
import { findAll, read } from '../shared/page.js';
import { announce } from './live_region.js';

/**
 * @param {HTMLTextAreaElement} field
 * @returns {Promise<boolean>} false where the browser doesn't let pages copy: then it's selected
 */
async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand('copy'); // not on https, or an older browser
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLTextAreaElement} field
 */
function equipButton(button, field) {
  const note = document.createElement('span');
  note.className = 'copy-note';
  button.after(note);
  button.addEventListener('click', async () => {
    const text = read(button, (await copy(field)) ? COPIED : NOT_COPIED);
    note.textContent = text;
    announce(text);
  });
}

/** Makes each button with data-copy copy the field of that id. */
export function startCopyButtons() {
  for (const button of findAll(COPY, HTMLButtonElement)) {
    const field = document.getElementById(read(button, COPY));
    if (field instanceof HTMLTextAreaElement) equipButton(button, field);
  }
}
