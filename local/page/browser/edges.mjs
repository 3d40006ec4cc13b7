import { svg } from "./dom.mjs";

/**
 * @typedef {import("./graph.mjs").GraphEdge} GraphEdge
 * @typedef {import("./placing.mjs").Point} Point
 * @typedef {import("./placing.mjs").Area} Area
 * @typedef {import("./placing.mjs").Place} Place
 * @typedef {import("./placing.mjs").Placed} Placed
 */

/**
 * @param {readonly GraphEdge[]} edges
 * @param {Placed} placed
 */
export function drawEdges(edges, { places, routes, down }) {
  const lines = svg("g", { class: "lines" });
  const ports = svg("g", { class: "ports" });
  /** @type {Area[]} */
  const taken = [...places.values()];
  for (const { edge, points, reversed } of routes) {
    const forward = reversed ? [...points].reverse() : points;
    lines.append(svg("path", { d: pathThrough(forward, down), "marker-end": "url(#arrow)" }));
    const text = portsOf(edge);
    ports.append(createPort(text, freeSpot(points, down, text, taken)));
  }
  for (const edge of edges.filter(({ from, to }) => from === to)) {
    const { x, y, width } = /** @type {Place} */ (places.get(edge.from));
    // out of the top and back into it, at the right
    const [left, right, top] = [x + width - 46, x + width - 22, y - 12];
    lines.append(
      svg("path", {
        d: `M${left} ${y} C${left} ${top} ${right} ${top} ${right} ${y}`,
        "marker-end": "url(#arrow)",
      }),
    );
    ports.append(createPort(portsOf(edge), { x: left - 20, y: y - 6 }));
  }
  const tip = svg("path", { d: "M0 0 L10 5 L0 10 Z" });
  const marker = {
    id: "arrow",
    viewBox: "0 0 10 10",
    refX: 9,
    refY: 5,
    markerWidth: 8,
    markerHeight: 8,
    markerUnits: "userSpaceOnUse",
    orient: "auto",
  };
  return svg(
    "g",
    { class: "edges", "aria-hidden": "true" },
    svg("defs", {}, svg("marker", marker, tip)),
    lines,
    ports,
  );
}

/** @param {GraphEdge} edge */
const portsOf = ({ ports }) => ports.map((port) => `:${port}`).join(" ");

/**
 * @param {string} text
 * @param {Point} middle
 */
const createPort = (text, { x, y }) => svg("text", { x, y: y + 4 }, text);

/**
 * Curves between layers, straight lines through them.
 *
 * @param {readonly Point[]} points
 * @param {boolean} down
 */
function pathThrough(points, down) {
  const [start, ...rest] = points;
  let from = start;
  const parts = rest.map((to, index) => {
    const [c1, c2] = controls(from, to, down);
    from = to;
    return index % 2 === 0 ? `C${c1.x} ${c1.y} ${c2.x} ${c2.y} ${to.x} ${to.y}` : `L${to.x} ${to.y}`;
  });
  return `M${start.x} ${start.y} ${parts.join(" ")}`;
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {boolean} down
 * @returns {[Point, Point]}
 */
function controls(from, to, down) {
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  return down
    ? [
        { x: from.x, y },
        { x: to.x, y },
      ]
    : [
        { x, y: from.y },
        { x, y: to.y },
      ];
}

/**
 * A spot on one of the curves where a text covers nothing else; the middle of the last one where there is none.
 *
 * @param {readonly Point[]} points
 * @param {boolean} down
 * @param {string} text
 * @param {Area[]} taken
 */
function freeSpot(points, down, text, taken) {
  const [width, height] = [text.length * 7.5 + 6, 17];
  /** @type {Area | undefined} */
  let first;
  for (const part of [0.5, 0.22, 0.78, 0.36, 0.64]) {
    for (let index = points.length - 2; index >= 0; index -= 2) {
      const { x, y } = pointAt(points[index], points[index + 1], down, part);
      const area = { x: x - width / 2, y: y - height / 2, width, height };
      first ??= area;
      if (taken.some((other) => overlap(area, other))) continue;
      taken.push(area);
      return { x, y };
    }
  }
  const area = /** @type {Area} */ (first);
  taken.push(area);
  return { x: area.x + width / 2, y: area.y + height / 2 };
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {boolean} down
 * @param {number} part
 */
function pointAt(from, to, down, part) {
  const [c1, c2] = controls(from, to, down);
  const rest = 1 - part;
  const [a, b, c, d] = [rest ** 3, 3 * rest ** 2 * part, 3 * rest * part ** 2, part ** 3];
  return {
    x: a * from.x + b * c1.x + c * c2.x + d * to.x,
    y: a * from.y + b * c1.y + c * c2.y + d * to.y,
  };
}

/**
 * @param {Area} a
 * @param {Area} b
 */
function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
