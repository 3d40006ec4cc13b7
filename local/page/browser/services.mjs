import { byId, element, patchChildren, setAttribute, setBadge, setText, show } from "./dom.mjs";
import { countOf, number, percent, rate, sentence, time, UNKNOWN, words } from "./format.mjs";
import { Table, textColumn } from "./table.mjs";

/**
 * @typedef {import("../page-state").PageService} PageService
 * @typedef {import("../page-state").PageTask} PageTask
 * @typedef {{ task: PageTask, share: number | undefined }} Row a task with its part of its service's requests
 */

/** @type {Record<PageTask["status"], "good" | "waiting" | "none">} */
const STATUS_TONES = {
  PENDING: "waiting",
  RUNNING: "good",
  DEACTIVATING: "waiting",
  STOPPING: "waiting",
  STOPPED: "none",
};
/** @type {Record<PageTask["health"], "good" | "bad" | "none">} */
const HEALTH_TONES = { HEALTHY: "good", UNHEALTHY: "bad", UNKNOWN: "none" };
/** @type {Record<PageService["deployment"], "good" | "waiting" | "bad">} */
export const DEPLOYMENT_TONES = { COMPLETED: "good", IN_PROGRESS: "waiting", FAILED: "bad" };

/** @type {WeakMap<Element, Table<Row>>} */
const tables = new WeakMap();

/** @type {import("./table.mjs").Column<Row>[]} */
const COLUMNS = [
  textColumn("Address", ({ task }) => address(task), "code"),
  {
    label: "Task",
    kind: "code",
    render: (cell, { task }) => {
      setText(cell, task.taskId.slice(0, 8));
      setAttribute(cell, "title", task.taskId);
    },
  },
  { label: "Status", render: (cell, { task }) => renderStatus(cell, task) },
  {
    label: "Health",
    render: (cell, { task }) => setBadge(cell, HEALTH_TONES[task.health], sentence(words(task.health))),
  },
  {
    label: "In Cloud Map",
    render: (cell, { task }) =>
      setBadge(cell, task.registered ? "good" : "none", task.registered ? "Yes" : "No"),
  },
  textColumn("Started", ({ task }) => time(task.startedAt), "number"),
  textColumn("Requests", ({ task }) => ofRequests(task, ({ total }) => number(total)), "number"),
  { label: "Share of requests", kind: "share", render: (cell, { share }) => renderShare(cell, share) },
  textColumn("Requests/s", ({ task }) => ofRequests(task, ({ perSecond }) => rate(perSecond)), "number"),
  {
    label: "Failed",
    kind: "number",
    render: (cell, { task }) => {
      setText(
        cell,
        ofRequests(task, ({ failed }) => number(failed)),
      );
      cell.classList.toggle("failures", (task.requests?.failed ?? 0) > 0);
    },
  },
  textColumn("Process", ({ task }) => task.pids.join(", ") || UNKNOWN, "number"),
];

/** The id of a service's part of the page. @param {PageService} service */
export const idOf = ({ cluster, service }) => `service/${cluster}/${service}`;

/** @param {readonly PageService[]} services */
export function updateServices(services) {
  /** @type {readonly (PageService | undefined)[]} */
  const parts = services.length > 0 ? services : [undefined];
  patchChildren(byId("services-list"), parts, {
    key: (service) => (service ? idOf(service) : ""),
    create: (service) => (service ? createService(service) : createEmpty()),
    update: (node, service) => service && updateService(node, service),
  });
}

function createEmpty() {
  const text = "There are no services yet. They come here as soon as they have been deployed.";
  return element("p", { class: "panel empty" }, text);
}

/** @param {PageService} service */
function createService(service) {
  const titleId = `${idOf(service)}/title`;
  const title = element("h3", { id: titleId }, service.service);
  const head = element(
    "div",
    { class: "service-head" },
    title,
    element("span", { class: "ready" }),
    element("span", { class: "deployment" }),
    element("p", { class: "service-facts" }),
  );
  const part = element(
    "section",
    { class: "panel service", id: idOf(service), "aria-labelledby": titleId },
    head,
  );
  tables.set(
    part,
    new Table(part, {
      label: `Tasks of ${service.service}`,
      columns: COLUMNS,
      key: ({ task }) => task.taskId,
    }),
  );
  return part;
}

/**
 * @param {Element} part
 * @param {PageService} service
 */
function updateService(part, service) {
  const { tasks, readyCount, desiredCount, deployment } = service;
  const [ready, state, facts] = [".ready", ".deployment", ".service-facts"].map(
    (selector) => /** @type {Element} */ (part.querySelector(selector)),
  );
  setBadge(ready, readyTone(service), `${number(readyCount)} of ${number(desiredCount)} ready`);
  setBadge(state, DEPLOYMENT_TONES[deployment], `Deployment ${words(deployment)}`);
  setText(facts, factsOf(service).join("  \u00b7  "));
  const total = sumOf(tasks, "total");
  const rows = tasks.map((task) => ({ task, share: shareOf(task, total) }));
  tables.get(part)?.update(rows, "It has no tasks now.");
}

/** @param {PageService} service */
function factsOf({ cluster, host, taskDefinition, tasks }) {
  const facts = [host ?? "no name in Cloud Map", taskDefinition, `cluster ${cluster}`];
  if (!tasks.some(({ requests }) => requests)) return facts;
  const failed = sumOf(tasks, "failed");
  return [
    ...facts,
    countOf(sumOf(tasks, "total"), "request"),
    `${rate(sumOf(tasks, "perSecond"))}/s`,
    ...(failed > 0 ? [`${number(failed)} failed`] : []),
  ];
}

/** @param {PageService} service @returns {"good" | "waiting" | "bad"} */
export function readyTone({ readyCount, desiredCount }) {
  if (readyCount >= desiredCount) return "good";
  return readyCount === 0 ? "bad" : "waiting";
}

/**
 * @param {HTMLElement} cell
 * @param {PageTask} task
 */
function renderStatus(cell, { status, stoppedReason = "" }) {
  setBadge(cell, STATUS_TONES[status], sentence(words(status)));
  const reason = /** @type {HTMLElement | null} */ (cell.querySelector(".reason"));
  if (reason) {
    setText(reason, stoppedReason);
    show(reason, stoppedReason !== "");
  } else if (stoppedReason !== "") {
    cell.append(element("span", { class: "reason" }, stoppedReason));
  }
}

/**
 * @param {HTMLElement} cell
 * @param {number | undefined} share
 */
function renderShare(cell, share) {
  if (!cell.firstElementChild) {
    const track = element("span", { class: "track", "aria-hidden": "true" }, element("span"));
    cell.append(track, element("span", { class: "percent" }));
  }
  const [track, text] = /** @type {HTMLElement[]} */ ([...cell.children]);
  track.classList.toggle("unknown", share === undefined);
  /** @type {HTMLElement} */ (track.firstElementChild).style.inlineSize = `${(share ?? 0) * 100}%`;
  setText(text, share === undefined ? UNKNOWN : percent(share));
}

/**
 * @param {PageTask} task
 * @param {number} total
 */
function shareOf({ requests }, total) {
  return requests && total > 0 ? requests.total / total : undefined;
}

/**
 * @param {readonly PageTask[]} tasks
 * @param {"total" | "failed" | "perSecond"} what
 */
function sumOf(tasks, what) {
  return tasks.reduce((sum, { requests }) => sum + (requests?.[what] ?? 0), 0);
}

/**
 * @param {PageTask} task
 * @param {(requests: import("../page-state").PageRequests) => string} text
 */
function ofRequests({ requests }, text) {
  return requests ? text(requests) : UNKNOWN;
}

/** For example `127.64.0.2:80, :9090`. @param {PageTask} task */
function address({ address, ports }) {
  if (!address) return UNKNOWN;
  const host = address.includes(":") && ports.length > 0 ? `[${address}]` : address;
  return host + ports.map((port) => `:${port}`).join(", ");
}
