/**
 * An editable combobox with a listbox, as ARIA 1.2 describes it: the focus stays in the
 * text field, the arrows move through the options, Enter takes one, Escape closes.
 */
export class Combobox {
  #input;
  #list;
  /** @type {HTMLElement[]} */
  #options = [];
  #active = -1;

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list an empty element with an id and the role listbox
   * @param {(option: HTMLElement) => void} choose called with the option that is taken
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
      const option = event.target instanceof Element && event.target.closest('[role="option"]');
      if (option instanceof HTMLElement) choose(option);
    });
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** @param {HTMLElement[]} options the new options; without any, the list closes */
  show(options) {
    options.forEach((option, at) => {
      option.id = `${this.#list.id}-${at}`;
      option.setAttribute('role', 'option');
    });
    this.#options = options;
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

  /** @param {number} at the index of the active option; -1 for none */
  #activate(at) {
    this.#active = at;
    this.#options.forEach((option, index) => option.setAttribute('aria-selected', String(index === at)));
    const option = this.#options[at];
    if (option) {
      this.#input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else {
      this.#input.removeAttribute('aria-activedescendant');
    }
  }

  /**
   * Moves through the options and, beyond either end, back to the text.
   * @param {number} step 1 or -1
   * @returns {boolean} false without options
   */
  #move(step) {
    if (!this.#options.length) return false;
    if (!this.isOpen) this.#toggle(true);
    const stops = this.#options.length + 1;
    this.#activate(((this.#active + 1 + step + stops) % stops) - 1);
    return true;
  }

  /**
   * @param {(option: HTMLElement) => void} choose
   * @returns {boolean} false where no option is active: Enter then sends the form
   */
  #take(choose) {
    const option = this.isOpen ? this.#options[this.#active] : undefined;
    if (option) choose(option);
    return Boolean(option);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {(option: HTMLElement) => void} choose
   */
  #key(event, choose) {
    if (event.isComposing) return;
    let done = false;
    if (event.key === 'ArrowDown') done = this.#move(1);
    else if (event.key === 'ArrowUp') done = this.#move(-1);
    else if (event.key === 'Enter') done = this.#take(choose);
    else if (event.key === 'Escape' && this.isOpen) {
      this.close();
      event.stopPropagation();
      done = true; // a search field would lose its text, too
    }
    if (done) event.preventDefault();
  }
}
