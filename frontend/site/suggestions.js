/** Asks the server what a text may mean; only the last question is answered. */

/**
 * @typedef {object} Suggestion
 * @property {string} type
 * @property {string} name
 * @property {string} detail what it is and where, in words
 * @property {string} url
 */

/** Longer than a pause between two keys, shorter than a wait. */
const PAUSE = 150;

export class Suggestions {
  #address;
  #timer = 0;
  #asking = new AbortController();

  /** @param {string} address where suggestions come from */
  constructor(address) {
    this.#address = address;
  }

  /** Forgets the question that is open, if any. */
  stop() {
    window.clearTimeout(this.#timer);
    this.#asking.abort();
  }

  /**
   * @param {string} text
   * @param {(found: Suggestion[]) => void} show called once with what was found, unless something
   * else was asked for meanwhile; never when the answer fails: the plain form still works
   */
  ask(text, show) {
    this.stop();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#timer = window.setTimeout(async () => {
      try {
        const found = await this.#fetch(text, signal);
        if (!signal.aborted) show(found);
      } catch (error) {
        if (error.name !== 'AbortError') console.info('No suggestions', error);
      }
    }, PAUSE);
  }

  /**
   * @param {string} text
   * @param {AbortSignal} signal
   * @returns {Promise<Suggestion[]>}
   */
  async #fetch(text, signal) {
    const address = `${this.#address}?${new URLSearchParams({ q: text })}`;
    const response = await fetch(address, { signal, headers: { Accept: 'application/json' } });
    if (!response.ok) throw new Error(`${response.status} ${address}`);
    return response.json();
  }
}
