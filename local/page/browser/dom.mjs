/* global document, Node */
// All data comes into the page here, as text and attributes. What is the same stays untouched, so that a selection in
// it, the focus and the scroll position stay too.

const SVG = "http://www.w3.org/2000/svg";
/** @type {WeakMap<Element, Map<string, Element>>} The children that `patchChildren` made, by their keys. */
const childrenOf = new WeakMap();

/**
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 */
export function element(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/**
 * @template {Element} T
 * @param {T} node
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 */
function fill(node, attributes, children) {
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, `${value}`));
  node.append(...children);
  return node;
}

/** @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found;
}

/**
 * @param {Element} node that has no child elements
 * @param {string} text
 */
export function setText(node, text) {
  const first = node.firstChild;
  if (first?.nodeType === Node.TEXT_NODE && first === node.lastChild) {
    // the same text node: a selection that reaches across it stays
    if (first.nodeValue !== text) first.nodeValue = text;
  } else if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string | undefined} value undefined takes it away
 */
export function setAttribute(node, name, value) {
  if (value === undefined) node.removeAttribute(name);
  else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/**
 * @param {HTMLElement} node
 * @param {boolean} shown
 */
export function show(node, shown) {
  if (node.hidden === shown) node.hidden = !shown;
}

/**
 * Makes the children of an element those of the items, in their order. Who is there already is kept, and not moved
 * where only others come or go.
 *
 * @template T
 * @param {Element} parent
 * @param {readonly T[]} items
 * @param {{ key: (item: T) => string, create: (item: T) => Element, update?: (node: any, item: T) => void }} how
 */
export function patchChildren(parent, items, { key, create, update }) {
  const before = childrenOf.get(parent) ?? new Map();
  const after = new Map();
  const count = new Map();
  for (const item of items) {
    const name = key(item);
    const earlier = count.get(name) ?? 0;
    count.set(name, earlier + 1);
    const unique = `${name}\n${earlier}`;
    const node = before.get(unique) ?? create(item);
    update?.(node, item);
    after.set(unique, node);
  }
  for (const [name, node] of before) if (!after.has(name)) node.remove();
  let next = parent.firstElementChild;
  for (const node of after.values()) {
    if (node === next) next = node.nextElementSibling;
    else parent.insertBefore(node, next);
  }
  childrenOf.set(parent, after);
}

/**
 * A word with a mark before it, whose shape says the same as its colour; a plain one has none.
 *
 * @param {Element} parent
 * @param {"good" | "waiting" | "bad" | "none" | "plain"} tone
 * @param {string} text
 */
export function setBadge(parent, tone, text) {
  const badge = parent.querySelector(".badge") ?? parent.appendChild(element("span", { class: "badge" }));
  setAttribute(badge, "data-tone", tone);
  setText(badge, text);
}
