/**
 * Which file may import which, checked by `npm run lint`.
 *
 * A list of folders below is an order: a folder imports from those before it, never from those after it. Type imports
 * count, because a reader follows them too.
 */

const LAYERS = ["modules/rules", "modules/core", "modules/services", "stacks"];

/** The rooms of the building blocks, one for each subject. */
const CORE_ROOMS = [
  "framework",
  "iam",
  "network",
  "cloudwatch",
  "storage",
  "cloud-map",
  "compute",
  "load-balancing",
];

/** The rooms of the services. */
const SERVICE_ROOMS = ["calls", "networking", "task", "discovery", "ecs-service", "observability", "article"];

/** Only programs and tests use these. */
const OUTSIDE = ["testing", "local", "scripts", "benchmarks", "compatibility", "apps", "__tests__"];

/** One rule for each folder of an order: nothing that stands after it is imported. */
function downwards(name, folders, comment) {
  return folders.slice(0, -1).map((folder, index) => ({
    name,
    comment,
    severity: "error",
    from: { path: `^${folder}/` },
    to: { path: `^(?:${folders.slice(index + 1).join("|")})/` },
  }));
}

/** Each file stands in a room, its test in a folder of the same name; only the index file stands outside. */
function inRooms(folder, rooms) {
  return {
    name: "file-in-a-room",
    comment: `Files of ${folder}/ and their tests stand in one of its rooms: ${rooms.join(", ")}.`,
    severity: "error",
    from: { path: `^(?:__tests__/)?${folder}/(?!index\\.ts$)(?!(?:${rooms.join("|")})/)` },
    to: {},
  };
}

const within = (folder, rooms) => rooms.map((room) => `${folder}/${room}`);

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    {
      name: "no-circle",
      comment: "Move what both files need into a file that both import.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...downwards(
      "layers-import-downwards",
      LAYERS,
      "Layers import one way: stacks -> services -> core -> rules.",
    ),
    ...downwards(
      "rooms-import-downwards",
      within("modules/core", CORE_ROOMS),
      `A room of modules/core imports from those before it: ${CORE_ROOMS.join(", ")}.`,
    ),
    ...downwards(
      "rooms-import-downwards",
      within("modules/services", SERVICE_ROOMS),
      `A room of modules/services imports from those before it: ${SERVICE_ROOMS.join(", ")}.`,
    ),
    inRooms("modules/core", CORE_ROOMS),
    inRooms("modules/services", SERVICE_ROOMS),
    {
      name: "library-imports-no-program",
      comment: "What users install knows nothing of the programs and tests that use it.",
      severity: "error",
      from: { path: `^(?:${LAYERS.join("|")})/` },
      to: { path: `^(?:(?:${OUTSIDE.join("|")})/|(?:main|configuration)\\.ts$)` },
    },
    {
      name: "library-reads-no-machine",
      comment: "Nothing under modules/ and stacks/ reads the environment or the disk.",
      severity: "error",
      from: { path: `^(?:${LAYERS.join("|")})/` },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-unresolved-import",
      comment: "No other rule sees an import that is not resolved.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, path: "^\\." },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(?:^|/)(?:dist|cdktf\\.out|hcl\\.out|\\.[^/]+)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
  },
};
