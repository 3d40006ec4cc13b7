const swc = ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }];

const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  testEnvironment: "node",
  transform: { "\\.ts$": swc },
  // of cdktf and constructs
  moduleNameMapper: {
    "/private/stack-trace$|^\\./stack-trace$": "<rootDir>/__tests__/without-stack-trace.ts",
  },
  modulePathIgnorePatterns: [
    "<rootDir>/dist/",
    "<rootDir>/apps/[^/]+/dist/",
    "<rootDir>/cdktf.out/",
    "<rootDir>/.demo/",
    "<rootDir>/.local/",
    "<rootDir>/.tools/",
  ],
  ...more,
});

/** @type {import("jest").Config} */
export default {
  // the layers: the synthesized plan alone, and what needs Terraform and the emulator
  projects: [
    project("unit", ["<rootDir>/__tests__/**/*.test.ts"], {
      testPathIgnorePatterns: ["<rootDir>/__tests__/terraform/"],
    }),
    // the containers' programs, ES modules all of them; one of their libraries is published as ES modules alone
    project("apps", ["<rootDir>/apps/*/__tests__/**/*.test.ts"], {
      transform: { "\\.[jt]s$": swc },
      transformIgnorePatterns: ["/node_modules/(?!trading-signals/)"],
      moduleNameMapper: {
        "^(\\.{1,2}/.*)\\.js$": "$1",
        "^ecs-discovery-client$": "<rootDir>/apps/discovery-client/src/index.ts",
      },
    }),
    project("terraform", ["<rootDir>/__tests__/terraform/**/*.test.ts"], {
      globalSetup: "<rootDir>/__tests__/terraform/find-tools.ts",
    }),
  ],
  // more than most machines have processors: the tests on Terraform mostly wait
  maxWorkers: 8,
  testSequencer: "<rootDir>/__tests__/waiting-first.mjs",
  testTimeout: 20 * 60_000,
  reporters: ["default", "<rootDir>/__tests__/count-reporter.mjs"],
};
