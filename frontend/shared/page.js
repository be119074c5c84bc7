/** Finds the elements of the page by their data-* attributes, and checks what they are. */

/**
 * @template {Element} T
 * @typedef {{new (): T, prototype: T}} TypeOf
 */

/**
 * @template {Element} T
 * @param {string} attribute
 * @param {TypeOf<T>} type like HTMLElement
 * @param {ParentNode} [root]
 * @returns {T[]} the elements of that type with the attribute, in the page's order
 */
export function findAll(attribute, type, root = document) {
  const elements = [...root.querySelectorAll(`[${attribute}]`)];
  return elements.filter((element) => element instanceof type).map((element) => /** @type {T} */ (element));
}

/**
 * @template {Element} T
 * @param {string} attribute
 * @param {TypeOf<T>} type
 * @param {ParentNode} [root]
 * @returns {T|null} the first of them; null on a page without
 */
export function find(attribute, type, root = document) {
  return findAll(attribute, type, root)[0] ?? null;
}

/**
 * @template {Element} T
 * @param {string} attribute
 * @param {TypeOf<T>} type
 * @param {ParentNode} [root]
 * @returns {T} the first of them; an Error on a page without
 */
export function need(attribute, type, root = document) {
  const element = find(attribute, type, root);
  if (!element) throw new Error(`The page has no ${type.name} with ${attribute}`);
  return element;
}

/**
 * @param {Element} element
 * @param {string} attribute
 * @returns {string} its value; empty without the attribute
 */
export function read(element, attribute) {
  return element.getAttribute(attribute) ?? '';
}

/**
 * @param {Element} element
 * @returns {string} its text without the space around it
 */
export function textOf(element) {
  return element.textContent?.trim() ?? '';
}
