import type { Rules } from "./rule";

const HEALTH_CHECK = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html";
const DEPENDENCY = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html";

/** When a container counts as healthy, and which one waits for which; a part of the rules for task definitions. */
export const taskOrder = {
  healthCommand: {
    id: "task-definition-health-command",
    about: "The command of a health check says how it is run.",
    held: "synth",
    allowed: 'a list that begins with "CMD" or "CMD-SHELL", followed by the command',
    mend: 'for example ["CMD-SHELL", "curl -f http://localhost/ || exit 1"]',
    source: HEALTH_CHECK,
  },
  healthNumber: {
    id: "task-definition-health-number",
    about:
      "Interval, timeout, retries and start period of a health check have ranges that the provider does not check.",
    held: "synth",
    allowed: "whole numbers: interval 5 to 300, timeout 2 to 60, retries 1 to 10, startPeriod 0 to 300",
    mend: "give a number in that range, or leave it out",
    source: HEALTH_CHECK,
  },
  healthTimeout: {
    id: "task-definition-health-timeout",
    about: "A health check that may take longer than the interval lets checks pile up.",
    held: "warning",
    allowed: "a timeout below the interval",
    mend: "lower the timeout or raise the interval",
    source: HEALTH_CHECK,
  },
  dependsOn: {
    id: "task-definition-depends-on",
    about: "A container waits for another container of the task.",
    held: "synth",
    allowed: "the name of another container of the task",
    mend: "give the `name` of a container of this task: one of another task is waited for by calling it",
    source: DEPENDENCY,
  },
  dependsOnHealthy: {
    id: "task-definition-depends-on-healthy",
    about: "Only a container with a health check can become healthy.",
    held: "synth",
    allowed: "HEALTHY only for a container that has a healthCheck",
    mend: "give that container a healthCheck, or wait for START",
    source: DEPENDENCY,
  },
  dependsOnEnd: {
    id: "task-definition-depends-on-end",
    about: "The task stops with an essential container, so nothing can wait for its end.",
    held: "synth",
    allowed: "COMPLETE and SUCCESS only for a container that is not essential",
    mend: "give that container `essential: false`, or wait for START or HEALTHY",
    source: DEPENDENCY,
  },
  dependsOnCycle: {
    id: "task-definition-depends-on-cycle",
    about: "Containers that wait for each other never start.",
    held: "synth",
    allowed: "an order in which the containers can start",
    mend: "let one of them wait for none of the others",
    source: DEPENDENCY,
  },
} as const satisfies Rules;
