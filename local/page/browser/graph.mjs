/* global document, ResizeObserver */
import { byId, element, patchChildren, setAttribute, setText, show, svg } from "./dom.mjs";
import { drawEdges } from "./edges.mjs";
import { countOf, number } from "./format.mjs";
import { LINE_HEIGHT, placeGraph } from "./placing.mjs";
import { DEPLOYMENT_TONES, idOf, readyTone } from "./services.mjs";

/**
 * @typedef {import("../page-state").PageState} PageState
 * @typedef {import("../page-state").PageService} PageService
 * @typedef {object} GraphNode a service, or a name that the calls speak of and that is none
 * @property {string} id
 * @property {string} name
 * @property {PageService | undefined} service
 * @typedef {{ from: string, to: string, ports: number[] }} GraphEdge between the ids of nodes
 */

/** Short, so that they fit in a narrow box. */
const DEPLOYMENT_WORDS = { COMPLETED: "Deployed", IN_PROGRESS: "Deploying", FAILED: "Deployment failed" };
const TEXT_LEFT = 16;
/** Of what stands in a box whose name takes one line. */
const CONTENT_HEIGHT = 68;
const panel = byId("graph");
/** What the drawing now there was made for; while it is the same, only its words change. */
let drawn = "";
/** @type {PageState | undefined} */
let shown;
/** @type {Map<string, Element>} */
let boxes = new Map();

new ResizeObserver(() => shown && updateGraph(shown)).observe(panel);

/** @param {PageState} state */
export function updateGraph(state) {
  shown = state;
  const nodes = nodesOf(state);
  const edges = edgesOf(state, nodes);
  const shape = JSON.stringify([nodes.map(({ id, service }) => [id, !service]), edges, panel.clientWidth]);
  if (shape !== drawn) {
    drawn = shape;
    draw(nodes, edges);
  }
  nodes.forEach((node) => updateBox(/** @type {Element} */ (boxes.get(node.id)), node));
  panel.firstElementChild?.setAttribute("aria-label", labelOf(state));
  updateText(state);
}

/** @param {PageState} state */
function nodesOf({ services, calls }) {
  /** @type {GraphNode[]} */
  const nodes = services.map((service) => ({ id: idOf(service), name: service.service, service }));
  const known = new Set(services.map(({ service }) => service));
  for (const name of new Set(calls.flatMap(({ from, to }) => [from, to]))) {
    if (!known.has(name)) nodes.push({ id: `outside/${name}`, name, service: undefined });
  }
  return nodes;
}

/**
 * One for each pair, with all its ports.
 *
 * @param {PageState} state
 * @param {readonly GraphNode[]} nodes
 */
function edgesOf({ calls }, nodes) {
  /** @type {Map<string, GraphEdge>} */
  const edges = new Map();
  /** @type {(name: string) => readonly GraphNode[]} */
  const named = (name) => nodes.filter((node) => node.name === name);
  for (const call of calls) {
    for (const { id: from } of named(call.from)) {
      for (const { id: to } of named(call.to)) {
        const edge = edges.get(`${from}\n${to}`) ?? { from, to, ports: [] };
        if (!edge.ports.includes(call.port)) edge.ports.push(call.port);
        edges.set(`${from}\n${to}`, edge);
      }
    }
  }
  return [...edges.values()];
}

/**
 * @param {readonly GraphNode[]} nodes
 * @param {readonly GraphEdge[]} edges
 */
function draw(nodes, edges) {
  boxes = new Map();
  if (nodes.length === 0) {
    panel.replaceChildren(element("p", { class: "empty" }, "There is nothing to draw yet."));
    return;
  }
  // the focus stays on its box
  const focused = document.activeElement?.closest("#graph a")?.getAttribute("href");
  const placed = placeGraph(nodes, edges, panel.clientWidth);
  const { width, height, least, places } = placed;
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group" });
  picture.style.minInlineSize = `${least}px`;
  picture.append(drawEdges(edges, placed));
  for (const node of nodes) {
    const box = createBox(node, /** @type {import("./placing.mjs").Place} */ (places.get(node.id)));
    boxes.set(node.id, box);
    picture.append(box);
  }
  const { scrollLeft } = panel;
  const first = panel.querySelector("svg") === null;
  panel.replaceChildren(picture);
  panel.scrollLeft = first ? startOf(placed, picture.clientWidth / width) : scrollLeft;
  if (focused) /** @type {SVGElement | null} */ (panel.querySelector(`a[href="${focused}"]`))?.focus();
}

/**
 * Where a graph that is wider than the page is scrolled to at first, so that one sees where it begins.
 *
 * @param {import("./placing.mjs").Placed} placed
 * @param {number} scale
 */
function startOf({ places }, scale) {
  const top = [...places.values()].reduce((best, place) => (place.y < best.y ? place : best));
  return (top.x + top.width / 2) * scale - panel.clientWidth / 2;
}

/**
 * @param {GraphNode} node
 * @param {import("./placing.mjs").Place} place
 */
function createBox({ id, name, service }, { x, y, width, height, lines }) {
  const frame = svg("rect", { class: "frame", width, height, rx: service ? 8 : 20 });
  const title = svg("title", {}, name);
  const transform = `translate(${x} ${y})`;
  if (!service) {
    const first = height / 2 - 3 - ((lines.length - 1) * LINE_HEIGHT) / 2;
    const below = first + lines.length * LINE_HEIGHT;
    return svg(
      "g",
      { class: "node outside", transform },
      title,
      frame,
      ...lines.map((line, n) =>
        svg("text", { class: "name", x: width / 2, y: first + n * LINE_HEIGHT }, line),
      ),
      svg("text", { class: "detail", x: width / 2, y: below }, "outside"),
    );
  }
  const top = (height - CONTENT_HEIGHT - (lines.length - 1) * LINE_HEIGHT) / 2;
  const below = top + lines.length * LINE_HEIGHT;
  const length = width - 2 * TEXT_LEFT;
  return svg(
    "a",
    { class: "node", transform, href: `#${encodeURIComponent(id)}` },
    title,
    frame,
    ...lines.map((line, n) =>
      svg("text", { class: "name", x: TEXT_LEFT, y: top + 12 + n * LINE_HEIGHT }, line),
    ),
    svg("text", { class: "detail ready", x: TEXT_LEFT, y: below + 14 }),
    svg("rect", { class: "track", x: TEXT_LEFT, y: below + 23, width: length, height: 6, rx: 3 }),
    svg("rect", { class: "fill", x: TEXT_LEFT, y: below + 23, width: 0, height: 6, rx: 3 }),
    svg("text", { class: "detail state", x: TEXT_LEFT, y: below + 48 }),
  );
}

/**
 * @param {Element} box
 * @param {GraphNode} node
 */
function updateBox(box, { name, service }) {
  if (!service) return;
  const { readyCount, desiredCount, deployment } = service;
  const ready = `${number(readyCount)} of ${number(desiredCount)} ready`;
  const state = DEPLOYMENT_WORDS[deployment];
  const [first, track, bar, last] = [".ready", ".track", ".fill", ".state"].map(
    (selector) => /** @type {Element} */ (box.querySelector(selector)),
  );
  setText(first, ready);
  setText(last, state);
  const part = desiredCount > 0 ? Math.min(1, readyCount / desiredCount) : 0;
  setAttribute(bar, "width", `${Number(track.getAttribute("width")) * part}`);
  setAttribute(box, "data-ready", readyTone(service));
  setAttribute(box, "data-deployment", DEPLOYMENT_TONES[deployment]);
  setAttribute(box, "aria-label", `${name}: ${ready}, ${state.toLowerCase()}`);
}

/** @param {PageState} state */
function labelOf({ services, calls }) {
  return `Call graph of ${countOf(services.length, "service")} and ${countOf(calls.length, "call")}`;
}

/** The same in words. @param {PageState} state */
function updateText({ services, calls }) {
  const lines = calls.map(({ from, to, port }) => `${from} may call ${to} on port ${port}.`);
  const alone = services.filter(({ service }) => !calls.some(({ from, to }) => [from, to].includes(service)));
  lines.push(...alone.map(({ service }) => `${service} calls no other service, and none may call it.`));
  show(byId("calls-text"), lines.length > 0);
  patchChildren(byId("calls-list"), lines, {
    key: (line) => line,
    create: (line) => element("li", {}, line),
  });
}
