// Places a graph in layers, so that its arrows go one way where they can: cycles are cut, long arrows get a place of
// their own in each layer that they pass, the order within the layers is the one of few crossings.
// `along` is the direction in which the layers follow each other, `across` the one within a layer.

const SWEEPS = 12;

/**
 * @typedef {{ from: string, to: string }} Edge
 * @typedef {object} Cell a node, or where an edge passes a layer
 * @property {string} id
 * @property {number} layer
 * @property {number} size across
 * @property {number} at the middle, across
 * @property {boolean} real whether it is a node
 * @property {Cell[]} before
 * @property {Cell[]} after
 */

/**
 * @template {Edge} E
 * @param {readonly string[]} nodes each has an edge
 * @param {readonly E[]} edges
 * @param {{ size: number, passing: number, gap: number }} across size of a node, of a passing edge, and between them
 * @returns {{ layers: Cell[][], routes: { edge: E, cells: Cell[], reversed: boolean }[], extent: number }}
 */
export function placeInLayers(nodes, edges, across) {
  const forward = edges.filter(({ from, to }) => from !== to);
  const back = edgesOfCycles(nodes, forward);
  const ends = forward.map((edge) => {
    const reversed = back.has(edge);
    return { edge, reversed, from: reversed ? edge.to : edge.from, to: reversed ? edge.from : edge.to };
  });
  const layerOf = layersOf(nodes, ends);
  /** @type {Cell[][]} */
  const layers = Array.from({ length: Math.max(0, ...layerOf.values()) + 1 }, () => []);
  /** @type {(id: string, layer: number, real: boolean) => Cell} */
  const addCell = (id, layer, real) => {
    const size = real ? across.size : across.passing;
    const cell = { id, layer, size, at: 0, real, before: [], after: [] };
    layers[layer]?.push(cell);
    return cell;
  };
  const cellOf = new Map(nodes.map((id) => [id, addCell(id, layerOf.get(id) ?? 0, true)]));
  const routes = ends.map(({ edge, reversed, from, to }) => {
    const first = /** @type {Cell} */ (cellOf.get(from));
    const last = /** @type {Cell} */ (cellOf.get(to));
    const cells = [first];
    for (let layer = first.layer + 1; layer < last.layer; layer++) cells.push(addCell("", layer, false));
    cells.push(last);
    cells.slice(1).forEach((cell, index) => {
      cell.before.push(cells[index]);
      cells[index].after.push(cell);
    });
    return { edge, cells, reversed };
  });
  order(layers);
  return { layers, routes, extent: straighten(layers, across.gap) };
}

/**
 * The edges that lead back to where a walk along the edges came from.
 *
 * @template {Edge} E
 * @param {readonly string[]} nodes
 * @param {readonly E[]} edges
 */
function edgesOfCycles(nodes, edges) {
  const called = new Set(edges.map(({ to }) => to));
  /** @type {Set<E>} */
  const back = new Set();
  /** @type {Map<string, "open" | "done">} */
  const seen = new Map();
  /** @type {(node: string) => void} */
  const visit = (node) => {
    if (seen.has(node)) return;
    seen.set(node, "open");
    for (const edge of edges) {
      if (edge.from !== node) continue;
      if (seen.get(edge.to) === "open") back.add(edge);
      else visit(edge.to);
    }
    seen.set(node, "done");
  };
  // whoever is called by nobody comes first
  nodes.filter((node) => !called.has(node)).forEach(visit);
  nodes.forEach(visit);
  return back;
}

/**
 * Behind all its callers, and callers that nobody calls right before the first that they call.
 *
 * @param {readonly string[]} nodes
 * @param {readonly Edge[]} edges without cycles
 */
function layersOf(nodes, edges) {
  /** @type {Map<string, number>} */
  const layers = new Map();
  /** @type {(node: string) => number} */
  const layerOf = (node) => {
    const known = layers.get(node);
    if (known !== undefined) return known;
    const callers = edges.filter(({ to }) => to === node).map(({ from }) => layerOf(from));
    const layer = Math.max(-1, ...callers) + 1;
    layers.set(node, layer);
    return layer;
  };
  nodes.forEach(layerOf);
  for (const node of nodes) {
    if (edges.some(({ to }) => to === node)) continue;
    const callees = edges.filter(({ from }) => from === node).map(({ to }) => layerOf(to));
    if (callees.length > 0) layers.set(node, Math.min(...callees) - 1);
  }
  return layers;
}

/** Sorts each layer by the middle of its neighbours, to and fro, and keeps the best. @param {Cell[][]} layers */
function order(layers) {
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const side = sweep % 2 === 0 ? "before" : "after";
    const turn = side === "before" ? [...layers] : [...layers].reverse();
    for (const layer of turn) {
      const rank = ranks(layers);
      const middle = new Map(
        layer.map((cell) => [cell, mean(cell[side].map((other) => rank.get(other) ?? 0)) ?? rank.get(cell)]),
      );
      layer.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
    }
    const now = crossings(layers);
    if (now < fewest) {
      fewest = now;
      best = layers.map((layer) => [...layer]);
    }
  }
  best.forEach((layer, index) => (layers[index] = layer));
}

/** @param {Cell[][]} layers */
function crossings(layers) {
  const rank = ranks(layers);
  let count = 0;
  for (const layer of layers) {
    const lines = layer.flatMap((cell) =>
      cell.after.map((other) => [rank.get(cell) ?? 0, rank.get(other) ?? 0]),
    );
    lines.forEach(([a, b], index) =>
      lines.slice(index + 1).forEach(([c, d]) => (count += (a - c) * (b - d) < 0 ? 1 : 0)),
    );
  }
  return count;
}

/** @param {Cell[][]} layers */
function ranks(layers) {
  return new Map(layers.flatMap((layer) => layer.map((cell, index) => [cell, index])));
}

/**
 * Moves each cell as near to the middle of its neighbours as its layer lets it, and says how far they reach.
 *
 * @param {Cell[][]} layers
 * @param {number} gap
 */
function straighten(layers, gap) {
  for (const layer of layers) pack(layer, () => 0, gap);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const side = sweep % 2 === 0 ? "before" : "after";
    const turn = side === "before" ? layers : [...layers].reverse();
    for (const layer of turn) pack(layer, (cell) => mean(cell[side].map(({ at }) => at)) ?? cell.at, gap);
  }
  const cells = layers.flat();
  const first = Math.min(...cells.map(({ at, size }) => at - size / 2));
  cells.forEach((cell) => (cell.at -= first));
  return Math.max(...cells.map(({ at, size }) => at + size / 2));
}

/**
 * Puts the cells of a layer where they wish to be, in their order and apart from each other, with the least change
 * (pool adjacent violators: neighbours whose wishes collide move as one, to the mean of their wishes).
 *
 * @param {Cell[]} layer
 * @param {(cell: Cell) => number} wish
 * @param {number} gap
 */
function pack(layer, wish, gap) {
  /** @type {{ sum: number, count: number }[]} */
  const blocks = [];
  /** @type {number[]} */
  const offsets = [];
  let offset = 0;
  layer.forEach((cell, index) => {
    if (index > 0) offset += (layer[index - 1].size + cell.size) / 2 + gap;
    offsets.push(offset);
    let block = { sum: wish(cell) - offset, count: 1 };
    for (
      let last = blocks.at(-1);
      last && last.sum / last.count > block.sum / block.count;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = { sum: block.sum + last.sum, count: block.count + last.count };
    }
    blocks.push(block);
  });
  let index = 0;
  for (const { sum, count } of blocks) {
    for (const end = index + count; index < end; index++) layer[index].at = sum / count + offsets[index];
  }
}

/** @param {readonly number[]} values */
function mean(values) {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}
