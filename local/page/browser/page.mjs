/* global document, EventSource */
import { byId, element, patchChildren, setAttribute, setText, show } from "./dom.mjs";
import { countOf, number, time } from "./format.mjs";
import { updateGraph } from "./graph.mjs";
import { updateLists } from "./lists.mjs";
import { updateServices } from "./services.mjs";

/** @typedef {import("../page-state").PageState} PageState */

/** @type {PageState | undefined} */
let state;
/** Why the state cannot be read now. @type {string | undefined} */
let failure;
/** @typedef {"connecting" | "live" | "reconnecting" | "ended"} Connection */
/** @type {Connection} */
let connection = "connecting";

const TONES = { connecting: "waiting", live: "good", reconnecting: "waiting", ended: "none" };
const WORDS = { connecting: "Connecting", live: "Live", reconnecting: "Reconnecting", ended: "Ended" };

const source = new EventSource("events");
source.addEventListener("open", () => connect("live"));
source.addEventListener("error", () =>
  connect(source.readyState === EventSource.CLOSED ? "ended" : "reconnecting"),
);
source.addEventListener("ended", () => {
  source.close();
  connect("ended");
});
source.addEventListener("failure", ({ data }) => {
  failure = JSON.parse(data).message;
  updateConnection();
});
source.addEventListener("state", ({ data }) => {
  failure = undefined;
  state = /** @type {PageState} */ (JSON.parse(data));
  update(state);
  updateConnection();
});

/** @param {Connection} now */
function connect(now) {
  connection = now;
  updateConnection();
}

function updateConnection() {
  const badge = byId("connection");
  setAttribute(badge, "data-tone", TONES[connection]);
  setText(badge, WORDS[connection]);
  const text = explain();
  setText(byId("banner"), text);
  show(byId("banner"), text !== "");
  document.documentElement.classList.toggle("stale", text !== "");
}

/** What one must know of what is shown; nothing while it is what is. */
function explain() {
  const below = state ? ` Below is the state of ${time(state.at)}.` : "";
  if (connection === "ended")
    return `The platform has ended.${below} When it runs again, load this page anew.`;
  if (connection === "reconnecting") return `The platform does not answer; trying again.${below}`;
  if (failure !== undefined) return `The state cannot be read: ${failure.replace(/\.$/, "")}.${below}`;
  return "";
}

/** @param {PageState} state */
function update(state) {
  const { stack, services, notes } = state;
  const ready = sum(services.map(({ readyCount }) => readyCount));
  const desired = sum(services.map(({ desiredCount }) => desiredCount));
  const count = countOf(services.length, "service");
  const some = services.length > 0;
  document.title = some ? `${number(ready)}/${number(desired)} ready \u2013 ${stack}` : stack;
  setText(byId("stack"), stack);
  updateFacts([
    ["Emulated AWS", state.endpoint],
    ["DNS server", state.dns],
    ["Services", some ? `${count}, ${number(ready)} of ${number(desired)} tasks ready` : "none yet"],
    ["Last change", time(state.at)],
  ]);
  show(byId("notes"), notes.length > 0);
  patchChildren(byId("notes-list"), notes, {
    key: (note) => note,
    create: (note) => element("li", {}, note),
  });
  updateGraph(state);
  updateServices(services);
  updateLists(state);
}

/** @param {readonly (readonly [string, string])[]} facts */
function updateFacts(facts) {
  patchChildren(byId("facts"), facts, {
    key: ([label]) => label,
    create: ([label]) => element("div", {}, element("dt", {}, label), element("dd")),
    update: (node, [, value]) => setText(node.lastElementChild, value),
  });
}

/** @param {readonly number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, value) => total + value, 0);
}
