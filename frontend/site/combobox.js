/**
 * An editable combobox with a listbox, as ARIA 1.2 describes it: the focus stays in the
 * text field, the arrows move through the options, Enter takes one, Escape closes.
 */
export class Combobox {
  #input;
  #list;
  #active = -1;

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list an empty element with an id and the role listbox
   * @param {(option: HTMLElement) => void} choose what happens when an option is taken
   */
  constructor(input, list, choose) {
    this.#input = input;
    this.#list = list;
    const attributes = {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-controls': list.id,
      'aria-expanded': 'false',
    };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    input.addEventListener('keydown', (event) => this.#key(event, choose));
    input.addEventListener('blur', () => this.close());
    // Pressing an option must not take the focus out of the field.
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) choose(option);
    });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** @param {HTMLElement[]} options what to show; without any, the list closes */
  show(options) {
    options.forEach((option, at) => {
      option.id = `${this.#list.id}-${at}`;
      option.setAttribute('role', 'option');
    });
    this.#list.replaceChildren(...options);
    this.#toggle(options.length > 0);
  }

  close() {
    this.#toggle(false);
  }

  /** @param {boolean} open */
  #toggle(open) {
    this.#list.hidden = !open;
    this.#input.setAttribute('aria-expanded', String(open));
    this.#activate(-1);
  }

  /** @param {number} at which option is the active one; -1 for none */
  #activate(at) {
    this.#active = at;
    [...this.#list.children].forEach((option, number) => {
      option.setAttribute('aria-selected', String(number === at));
    });
    const option = this.#list.children[at];
    if (!option) return this.#input.removeAttribute('aria-activedescendant');
    this.#input.setAttribute('aria-activedescendant', option.id);
    return option.scrollIntoView({ block: 'nearest' });
  }

  /**
   * Moves through the options and, beyond either end, back to the text.
   * @param {number} step
   */
  #move(step) {
    const places = this.#list.children.length + 1;
    this.#activate(((this.#active + 1 + step + places) % places) - 1);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {(option: HTMLElement) => void} choose
   */
  #key(event, choose) {
    if (event.isComposing) return;
    const option = this.#list.children[this.#active];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!this.#list.children.length) return;
      if (!this.isOpen) this.#toggle(true);
      this.#move(event.key === 'ArrowDown' ? 1 : -1);
      event.preventDefault();
    } else if (event.key === 'Enter' && this.isOpen && option) {
      event.preventDefault();
      choose(option);
    } else if (event.key === 'Escape' && this.isOpen) {
      this.close();
      event.preventDefault(); // a search field would lose its text, too
      event.stopPropagation();
    }
  }
}
