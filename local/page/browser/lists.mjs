import { byId, element, patchChildren, setBadge } from "./dom.mjs";
import { number, time } from "./format.mjs";
import { Table, textColumn } from "./table.mjs";

/**
 * @typedef {import("../page-state").PageState} PageState
 * @typedef {import("../page-state").PageName} PageName
 * @typedef {import("../page-state").PageQuery} PageQuery
 * @typedef {import("../page-state").PageEvent} PageEvent
 */

/** How many answers to a question are shown; the section of DNS answers has them all. */
const ANSWERS_SHOWN = 2;
const BAD_EVENT = /failed|unhealthy|rolled-back|throttled/;
const ALL = "";

/** @type {Table<PageName>} */
const names = new Table(byId("names-table"), {
  label: "DNS answers",
  key: ({ name, type }) => `${name} ${type}`,
  columns: [
    textColumn("Name", ({ name }) => name, "code"),
    textColumn("Type", ({ type }) => type, "code"),
    textColumn("TTL", ({ ttl }) => `${number(ttl)} s`, "number"),
    {
      label: "Answers",
      kind: "code breaks wide",
      render: (cell, { answers }) => renderAnswers(cell, answers),
    },
  ],
});

/** @type {Table<PageQuery>} */
const queries = new Table(byId("queries-table"), {
  label: "Latest questions to DNS",
  key: ({ at, name, type, from }) => `${at} ${name} ${type} ${from}`,
  columns: [
    textColumn("Time", ({ at }) => time(at), "number start"),
    textColumn("Name", ({ name }) => name, "code"),
    textColumn("Type", ({ type }) => type, "code"),
    {
      label: "Status",
      render: (cell, { status }) => setBadge(cell, status === "NOERROR" ? "good" : "bad", status),
    },
    textColumn("Answers", ({ answers }) => shorten(answers), "code breaks"),
    textColumn("From", ({ from }) => from, "code"),
  ],
});

/** @type {Table<PageEvent>} */
const events = new Table(byId("events-table"), {
  label: "Events",
  key: ({ at, type, service, message }) => JSON.stringify([at, type, service, message]),
  columns: [
    textColumn("Time", ({ at }) => time(at), "number start"),
    {
      label: "Event",
      render: (cell, { type }) => setBadge(cell, BAD_EVENT.test(type) ? "bad" : "plain", type),
    },
    textColumn("Service", ({ service }) => service ?? "", "code"),
    textColumn("Message", ({ message }) => message, "breaks wide"),
  ],
});

const filter = /** @type {HTMLSelectElement} */ (byId("events-service"));
/** @type {PageState | undefined} */
let shown;
filter.addEventListener("change", () => shown && updateEvents(shown));

/** @param {PageState} state */
export function updateLists(state) {
  shown = state;
  names.update(state.names, "Cloud Map has no names yet.");
  queries.update(state.queries, "Nobody has asked yet.");
  updateFilter(state);
  updateEvents(state);
}

/** @param {PageState} state */
function updateFilter({ services, events }) {
  const known = [...services, ...events].flatMap(({ service }) => service ?? []);
  // the one that is chosen stays, though it may be gone
  const options = [ALL, ...new Set([...known, ...(filter.value === ALL ? [] : [filter.value])].sort())];
  patchChildren(filter, options, {
    key: (name) => name,
    create: (name) => element("option", { value: name }, name === ALL ? "All" : name),
  });
}

/** @param {PageState} state */
function updateEvents(state) {
  const { value } = filter;
  const rows = value === ALL ? state.events : state.events.filter(({ service }) => service === value);
  const none = state.events.length === 0;
  events.update(rows, none ? "Nothing has happened yet." : `None of the latest events is of ${value}.`);
}

/**
 * @param {HTMLElement} cell
 * @param {readonly string[]} answers
 */
function renderAnswers(cell, answers) {
  const lines = answers.length > 0 ? answers : ["none"];
  patchChildren(cell, lines, {
    key: (answer) => answer,
    create: (answer) => element("div", { class: answers.length > 0 ? "answer" : "answer none" }, answer),
  });
}

/** @param {readonly string[]} answers */
function shorten(answers) {
  if (answers.length === 0) return "none";
  const more = answers.length - ANSWERS_SHOWN;
  return answers.slice(0, ANSWERS_SHOWN).join(", ") + (more > 0 ? ` and ${number(more)} more` : "");
}
