/** Buttons that copy the text of a field. */
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

/** Makes each button with data-copy copy the field of that id, and say so. */
export function startCopying() {
  for (const button of document.querySelectorAll('[data-copy]')) {
    const field = document.getElementById(button.dataset.copy);
    const note = document.createElement('span');
    note.className = 'copy-note';
    button.after(note);
    button.addEventListener('click', async () => {
      const { copied, notCopied } = button.dataset;
      note.textContent = (await copy(field)) ? copied : notCopied;
      announce(note.textContent);
    });
  }
}
