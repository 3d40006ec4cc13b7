import type { Rules } from "./rule";

const CLOUDWATCH = "https://docs.aws.amazon.com/AmazonCloudWatch/latest";
const PUT_ALARM = `${CLOUDWATCH}/APIReference/API_PutMetricAlarm.html`;
const INSIGHTS = `${CLOUDWATCH}/monitoring/Container-Insights-metrics-ECS.html`;
const PATTERNS = `${CLOUDWATCH}/logs/FilterAndPatternSyntaxForMetricFilters.html`;
const PUT_FILTER =
  "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html";

/** How many minutes of a metric an alarm can look at: a day. */
export const MAX_ALARM_MINUTES = 1440;

/** Alarms, dashboards and metrics of logs. */
export const observability = {
  services: {
    id: "observability-services",
    about: "What is to be observed is named; a list without services would make a dashboard of nothing.",
    held: "synth",
    allowed: "at least one service, each once",
    mend: "name the services: `services: [stock, signal]`",
  },
  twice: {
    id: "observability-twice",
    about:
      "A service that is observed twice has two alarms of one name, of which the second replaces the first.",
    held: "synth",
    allowed: "a service that is observed once",
    mend: "observe it in one of the two places",
    source: PUT_ALARM,
  },
  insights: {
    id: "observability-container-insights",
    about:
      "How many tasks run and how many are wanted only Container Insights measures: without it an alarm on missing tasks never goes off.",
    held: "synth",
    allowed: "services in a cluster with Container Insights, where missing tasks are to be noticed",
    mend: 'give the EcsCluster `containerInsights: "enabled"`, or do without: `alarms: { tasksMissingMinutes: false }`',
    source: INSIGHTS,
  },
  insightsUnknown: {
    id: "observability-container-insights-unknown",
    about: "Whether a cluster that exists already has Container Insights is not known here.",
    held: "warning",
    allowed: "a cluster that is known to have Container Insights, where missing tasks are to be noticed",
    mend: 'say so where it is imported: `EcsCluster.fromEcsClusterAttributes({ ecsClusterId, containerInsights: "enabled" })`',
    source: INSIGHTS,
  },
  alarmName: {
    id: "observability-alarm-name",
    about: "The name of an alarm has at most 255 characters, and so has the namespace of a metric.",
    held: "synth",
    allowed: "at most 255 characters: prefix, environment, stack, service and alarm together",
    mend: "give the service a shorter construct id, or the stack",
    source: PUT_ALARM,
  },
  alarmTaken: {
    id: "observability-alarm-taken",
    about:
      "An account has one alarm of a name in a region: a second one takes the place of the first without a word.",
    held: "synth",
    allowed: "a name that no other alarm of the stack has",
    mend: "observe what both alarms are about once",
    source: PUT_ALARM,
  },
  actions: {
    id: "observability-actions",
    about: "An alarm has at most five actions for each of its states, and each is an ARN.",
    held: "synth",
    allowed: "at most 5 ARNs, for example of SNS topics",
    mend: "give ARNs such as arn:aws:sns:eu-central-1:123456789012:on-call; one topic can tell many",
    source: PUT_ALARM,
  },
  percent: {
    id: "observability-percent",
    about: "A utilization or a share of requests that is too high is a percentage.",
    held: "synth",
    allowed: "a number above 0 and up to 100, or false for no such alarm",
    mend: "give for example 90",
    source: PUT_ALARM,
  },
  minutes: {
    id: "observability-minutes",
    about: "An alarm with periods of a minute looks back at most a day.",
    held: "synth",
    allowed: `a whole number from 1 to ${MAX_ALARM_MINUTES}`,
    mend: "give for example 10",
    source: PUT_ALARM,
  },
  threshold: {
    id: "observability-threshold",
    about: "A count that is too high is a number, and zero of something is never too much.",
    held: "synth",
    allowed: "a number above 0",
    mend: "give for example 1: the alarm goes off where it is reached",
    source: PUT_ALARM,
  },
  belowTarget: {
    id: "observability-below-target",
    about:
      "Autoscaling holds a utilization on purpose: an alarm at or below it goes off while everything is as it should be.",
    held: "warning",
    allowed: "an alarm above the utilization that autoscaling holds",
    mend: "raise the alarm's percentage, or lower the target",
    source:
      "https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html",
  },
  metricName: {
    id: "observability-metric-name",
    about: "Metrics and the filters that make them have names without colons and asterisks.",
    held: "synth",
    allowed: "1 to 128 letters and digits, beginning with a letter",
    mend: 'choose a name such as "Throttled"',
    source: PUT_FILTER,
  },
  metricTaken: {
    id: "observability-metric-taken",
    about: "Two metrics of one name would be counted together: each adds to the other.",
    held: "synth",
    allowed:
      "names that differ; with `requestLogs` not Requests, ServerErrors, ResponseTime and LogErrors either",
    mend: "give one of the two another name",
    source: PUT_FILTER,
  },
  filterName: {
    id: "observability-filter-name",
    about: "A log group has one filter of a name: a second one replaces the first, and its metric stops.",
    held: "design",
    how: "The name of a filter is that of its metric, namespace included.",
    source: PUT_FILTER,
  },
  pattern: {
    id: "observability-pattern",
    about: "A filter pattern has at most 1024 characters; one for JSON stands in braces.",
    held: "synth",
    allowed: 'at most 1024 characters, for example { $.level = "error" } or "RequestLimitExceeded"',
    mend: "close the brace, or shorten the pattern; the console tests it against real log events",
    source: PATTERNS,
  },
  value: {
    id: "observability-value",
    about: "What a log event adds to a metric is a number, or the field of the event that has it.",
    held: "synth",
    allowed: 'a number or a field: "1", "$.responseTime"',
    mend: "leave it out to count events, or name the field",
    source: PATTERNS,
  },
  missingData: {
    id: "observability-missing-data",
    about:
      "ECS sends no utilization of a service without tasks, and EventBridge and log filters send nothing when nothing happens.",
    held: "design",
    how: "Every alarm says `treat_missing_data = notBreaching`: silence is a service that was scaled to zero or has nothing to do. That tasks are missing is an alarm of its own, which takes a missing count of running tasks for 0 and a missing desired count for nothing wanted.",
    source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html",
  },
  ruleName: {
    id: "observability-rule-name",
    about: "The name of an EventBridge rule has at most 64 characters.",
    held: "design",
    how: "It is a prefix of at most 38 characters, to which the provider adds 26.",
    source: "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html",
  },
  delivery: {
    id: "observability-delivery",
    about:
      "EventBridge and the Resolver write to a log group only where a resource policy of CloudWatch Logs lets them.",
    held: "design",
    how: "One policy of the stack names the log groups and who writes to them, and rule and query log wait for it.",
    source: "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
  },
  policyQuota: {
    id: "observability-policy-quota",
    about: "An account has 10 resource policies of CloudWatch Logs in a region.",
    held: "left",
    how: "How many there are only AWS knows. A stack makes one, whatever it observes.",
    source: `${CLOUDWATCH}/logs/cloudwatch_limits_cwl.html`,
  },
  publicZones: {
    id: "observability-public-zones",
    about:
      "Route 53 counts the queries of public hosted zones only; the zone of a private namespace has no such metric.",
    held: "design",
    how: "Volume comes from the Resolver's query log, which `dnsQueries` switches on and a metric filter counts.",
    source:
      "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-public-viewing-query-metrics.html",
  },
  discoverInstances: {
    id: "observability-discover-instances",
    about:
      "An account can call DiscoverInstances 1000 times a second in a region, for all its services together.",
    held: "left",
    how: "Cloud Map has no metric for it. Callers get RequestLimitExceeded: a `logMetrics` pattern counts it in their logs.",
    source: "https://docs.aws.amazon.com/cloud-map/latest/dg/throttling.html",
  },
} as const satisfies Rules;
