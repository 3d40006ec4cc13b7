import type { Rules } from "./rule";

const CREATE_LOG_GROUP =
  "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html";

/** Days that CloudWatch Logs can keep events for. */
export const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Log groups in CloudWatch Logs. */
export const logs = {
  retention: {
    id: "logs-retention",
    about: "CloudWatch Logs keeps events for certain numbers of days; without one they stay for ever.",
    held: "synth",
    allowed: `one of ${RETENTIONS.join(", ")} (days)`,
    mend: "take the next larger number",
    source:
      "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  },
  groupName: {
    id: "logs-group-name",
    about:
      "The name of a log group has at most 512 characters of a certain set and does not begin with aws/.",
    held: "design",
    how: "It is /ecs/<prefix>-<environment>-<stack>/<service> or that of the cluster, whose parts are checked each.",
    source: CREATE_LOG_GROUP,
  },
  groupTaken: {
    id: "logs-group-taken",
    about:
      "An account has one log group of a name in a region: a second one fails with ResourceAlreadyExistsException, after half of the apply.",
    held: "synth",
    allowed: "a log group that nothing else in the stack has",
    mend: "give one of the two another `logGroupName`, for example with the name of its cluster in it",
    source: CREATE_LOG_GROUP,
  },
  groupGiven: {
    id: "logs-group-given",
    about:
      "The name of a log group is in certain characters, and AWS keeps names that begin with aws/ for itself.",
    held: "synth",
    allowed: "1 to 512 letters, digits and . _ - / #, not beginning with aws/",
    mend: 'choose a name such as "/ecs/batch/worker"',
    source: CREATE_LOG_GROUP,
  },
  groupFirst: {
    id: "logs-group-first",
    about:
      "A task whose log group does not exist fails; one that is made by ECS and by Terraform too fails the apply.",
    held: "design",
    how: "Each service has a log group that its task definition refers to, and tasks have no right to make one.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
  },
  groupClass: {
    id: "logs-group-class",
    about: "Another log class replaces the group, and its events go with it.",
    held: "absent",
    how: "Not offered: all groups have the class STANDARD.",
    source: CREATE_LOG_GROUP,
  },
} as const satisfies Rules;
