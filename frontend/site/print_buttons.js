/** The buttons that print the page; the stylesheet decides how it looks on paper. */
import { PRINT } from '../shared/data_attributes.js';
import { findAll } from '../shared/page.js';

export function startPrintButtons() {
  for (const button of findAll(PRINT, HTMLButtonElement)) {
    button.addEventListener('click', () => window.print());
  }
}
