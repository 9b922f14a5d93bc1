// @ts-check

/**
 * Makes an element. An attribute that is true is an empty one; false and null are none.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string|boolean|null>} [attributes]
 * @param {(Node|string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/**
 * The element with this id, which index.html has.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} [type]
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (element === null || (type !== undefined && !(element instanceof type))) throw new Error(`no element #${id}`);
  return /** @type {T} */ (element);
}

/**
 * Sets a text only when it differs, so that a live region is not told twice.
 *
 * @param {Node} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** One of the page's views. @param {"door"|"sign-in"|"chat"} name */
export function showView(name) {
  for (const view of ["door", "sign-in", "chat"]) byId(`view-${view}`).hidden = view !== name;
  document.body.dataset.view = name;
}

/**
 * Says something once to a screen reader.
 *
 * @param {string} text
 */
export function announce(text) {
  byId("announcer").replaceChildren(el("p", {}, text));
}
