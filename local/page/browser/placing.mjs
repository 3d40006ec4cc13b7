/* global document, getComputedStyle */
import { placeInLayers } from "./layout.mjs";

/**
 * @typedef {import("./graph.mjs").GraphNode} GraphNode
 * @typedef {import("./graph.mjs").GraphEdge} GraphEdge
 * @typedef {{ x: number, y: number }} Point
 * @typedef {Point & { width: number, height: number }} Area
 * @typedef {Area & { lines: string[] }} Place of a node, with its name as it fits
 * @typedef {{ edge: GraphEdge, points: Point[], reversed: boolean }} Route
 * @typedef {{ width: number, height: number, least: number, down: boolean, places: Map<string, Place>, routes: Route[] }} Placed
 */

/** Of a box with its name in one line. */
const BOX_HEIGHT = 92;
export const LINE_HEIGHT = 18;
/** Boxes are as wide as the longest name wants, within these; where there is little room, names take two lines. */
const BOX_WIDTH = { least: 172, most: 264 };
const PADDING = 16;
/** Between boxes of a layer, and between layers: there the arrows turn and carry their ports. */
const GAP = { across: 28, along: 84, alongDown: 76 };
/** Around the drawing; a call to itself leaves its box. */
const MARGIN = 14;
/** Of an edge that passes a layer. */
const PASSING = 10;
/** Between arrows at one side of a box, at most: their ports are wider than high. */
const SPREAD = { along: 20, down: 44 };
/** Below that, names are no longer easy to read, and the graph is scrolled instead. */
const LEAST_SCALE = 0.78;

/**
 * From left to right where that fits, else downwards.
 *
 * @param {readonly GraphNode[]} nodes
 * @param {readonly GraphEdge[]} edges
 * @param {number} room
 * @returns {Placed}
 */
export function placeGraph(nodes, edges, room) {
  const { least, most } = BOX_WIDTH;
  const wide = place(nodes, edges, room, most, false);
  if (wide.width <= room) return wide;
  const others = [
    place(nodes, edges, room, least, false),
    place(nodes, edges, room, most, true),
    place(nodes, edges, room, least, true),
  ];
  const narrowest = Math.min(...others.map(({ width }) => width));
  return (
    others.find(({ least }) => least <= room) ??
    /** @type {Placed} */ (others.find(({ width }) => width === narrowest))
  );
}

/**
 * @param {readonly GraphNode[]} nodes
 * @param {readonly GraphEdge[]} edges
 * @param {number} room
 * @param {number} most width of a box
 * @param {boolean} down
 * @returns {Placed}
 */
function place(nodes, edges, room, most, down) {
  const measure = textMeasure();
  const widest = Math.ceil(Math.max(...nodes.map(({ name }) => measure(name)))) + 2 * PADDING;
  const width = Math.min(Math.max(widest, BOX_WIDTH.least), most);
  const names = new Map(nodes.map(({ id, name }) => [id, fit(name, width - 2 * PADDING, measure)]));
  const lineCount = Math.max(...[...names.values()].map(({ length }) => length));
  const height = BOX_HEIGHT + (lineCount - 1) * LINE_HEIGHT;
  /** @type {(id: string, corner: Point) => Place} */
  const placeOf = (id, corner) => ({ ...corner, width, height, lines: names.get(id) ?? [] });
  const calling = new Set(edges.filter(({ from, to }) => from !== to).flatMap(({ from, to }) => [from, to]));
  const { layers, routes, extent } = placeInLayers(
    nodes.filter(({ id }) => calling.has(id)).map(({ id }) => id),
    edges,
    { size: down ? width : height, passing: PASSING, gap: down ? GAP.across / 2 : GAP.across },
  );
  const depth = down ? height : width;
  const step = depth + (down ? GAP.alongDown : GAP.along);
  /** @type {(along: number, across: number) => Point} */
  const point = (along, across) =>
    down ? { x: MARGIN + across, y: MARGIN + along } : { x: MARGIN + along, y: MARGIN + across };
  /** @type {Map<string, Place>} */
  const places = new Map();
  for (const cell of layers.flat()) {
    if (!cell.real) continue;
    const corner = point(cell.layer * step, cell.at - cell.size / 2);
    places.set(cell.id, placeOf(cell.id, corner));
  }
  const slots = slotsOf(routes, down ? SPREAD.down : SPREAD.along);
  const lines = routes.map((route) => ({
    edge: route.edge,
    reversed: route.reversed,
    // where it leaves a layer and where it comes to the next one, by turns
    points: route.cells.flatMap((cell, index) => {
      const before = point(cell.layer * step, cell.at + slots(route, index, "before"));
      const behind = point(cell.layer * step + depth, cell.at + slots(route, index, "after"));
      if (index === 0) return [behind];
      return index === route.cells.length - 1 ? [before] : [before, behind];
    }),
  }));
  const connected =
    calling.size > 0 ? { along: layers.length * step - step + depth, across: extent } : undefined;
  let right = connected ? (down ? connected.across : connected.along) : 0;
  let bottom = connected ? (down ? connected.along : connected.across) : 0;
  // whoever has no calls, in rows below
  const alone = nodes.filter(({ id }) => !calling.has(id));
  const perRow = Math.max(
    1,
    Math.floor((Math.max(right, room - 2 * MARGIN) + GAP.across) / (width + GAP.across)),
  );
  const top = connected && alone.length > 0 ? bottom + 2 * GAP.across : bottom;
  alone.forEach(({ id }, index) => {
    const x = (index % perRow) * (width + GAP.across);
    const y = top + Math.floor(index / perRow) * (height + GAP.across);
    places.set(id, placeOf(id, { x: MARGIN + x, y: MARGIN + y }));
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  });
  const all = { width: right + 2 * MARGIN, height: bottom + 2 * MARGIN };
  return { ...all, least: Math.round(all.width * LEAST_SCALE), down, places, routes: lines };
}

/**
 * Where on the side of its box an arrow begins or ends: in the order of where they go to, so that they do not cross.
 *
 * @typedef {ReturnType<typeof placeInLayers>["routes"][number]} CellRoute
 * @param {readonly CellRoute[]} routes
 * @param {number} most
 * @returns {(route: CellRoute, index: number, side: "before" | "after") => number}
 */
function slotsOf(routes, most) {
  /** @type {(cell: import("./layout.mjs").Cell) => Record<"before" | "after", CellRoute[]>} */
  const sidesOf = (cell) => ({
    before: routes
      .filter(({ cells }) => cells.at(-1) === cell)
      .sort((a, b) => neighbour(a, -2) - neighbour(b, -2)),
    after: routes.filter(({ cells }) => cells[0] === cell).sort((a, b) => neighbour(a, 1) - neighbour(b, 1)),
  });
  const ends = new Set(routes.flatMap(({ cells }) => cells.filter(({ real }) => real)));
  const sides = new Map([...ends].map((cell) => [cell, sidesOf(cell)]));
  return (route, index, side) => {
    const cell = route.cells[index];
    const line = sides.get(cell)?.[side] ?? [];
    // an edge that passes has no slot
    if (line.length === 0) return 0;
    const spread = Math.min(most, (cell.size - 20) / line.length);
    return (line.indexOf(route) - (line.length - 1) / 2) * spread;
  };
}

/**
 * @param {CellRoute} route
 * @param {number} index
 */
const neighbour = ({ cells }, index) => cells.at(index)?.at ?? 0;

/** How wide a name is in the font of the page. @returns {(text: string) => number} */
function textMeasure() {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return (text) => text.length * 8.5;
  context.font = `600 15px ${getComputedStyle(document.body).fontFamily}`;
  return (text) => context.measureText(text).width;
}

/**
 * A name in one line or two, the second begun after a hyphen or the like where there is one; what is too long is cut.
 *
 * @param {string} name
 * @param {number} width
 * @param {(text: string) => number} measure
 */
function fit(name, width, measure) {
  if (measure(name) <= width) return [name];
  let length = name.length;
  while (length > 1 && measure(name.slice(0, length)) > width) length--;
  const pause = Math.max(...["-", "_", ".", "/", " "].map((sign) => name.lastIndexOf(sign, length - 1))) + 1;
  const head = name.slice(0, pause > length / 3 ? pause : length);
  let rest = name.slice(head.length);
  if (measure(rest) > width) {
    while (rest.length > 1 && measure(`${rest}\u2026`) > width) rest = rest.slice(0, -1);
    rest += "\u2026";
  }
  return [head, rest];
}
