/** The menu on phones: a button that opens and closes the list of links. */
import { MENU_TOGGLE } from '../shared/data_attributes.js';
import { find } from '../shared/page.js';

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} menu
 * @param {boolean} open
 */
function setOpen(button, menu, open) {
  button.setAttribute('aria-expanded', String(open));
  menu.classList.toggle('open', open);
}

/** Makes the menu's button work; without one (or without this script) the links just show. */
export function startMenu() {
  const button = find(MENU_TOGGLE, HTMLButtonElement);
  const menu = button && document.getElementById(button.getAttribute('aria-controls') ?? '');
  if (!menu) return;
  const isOpen = () => button.getAttribute('aria-expanded') === 'true';
  button.addEventListener('click', () => setOpen(button, menu, !isOpen()));
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !isOpen()) return;
    setOpen(button, menu, false);
    button.focus();
  });
}
