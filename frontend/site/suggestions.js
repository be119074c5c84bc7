/** Requests suggestions for a text from the server; only the last request is answered. */

/**
 * @typedef {object} Suggestion
 * @property {string} type
 * @property {string} name
 * @property {string} detail kind and place, in words
 * @property {string} url
 */

/** Milliseconds: longer than a pause between two keys, shorter than a wait. */
const PAUSE = 150;

export class Suggestions {
  #address;
  #timer = 0;
  #controller = new AbortController();

  /** @param {string} address where suggestions come from */
  constructor(address) {
    this.#address = address;
  }

  /** Cancels the open request, if any. */
  stop() {
    window.clearTimeout(this.#timer);
    this.#controller.abort();
  }

  /**
   * @param {string} text
   * @param {(found: Suggestion[]) => void} show called once, unless another request follows
   * meanwhile; never when the request fails: the plain form still works
   */
  request(text, show) {
    this.stop();
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    this.#timer = window.setTimeout(async () => {
      try {
        const found = await this.#fetch(text, signal);
        if (!signal.aborted) show(found);
      } catch (error) {
        if (!signal.aborted) console.info('No suggestions', error);
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
