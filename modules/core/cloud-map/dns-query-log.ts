import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Route53ResolverQueryLogConfig } from "@cdktf/provider-aws/lib/route53-resolver-query-log-config";
import { Route53ResolverQueryLogConfigAssociation } from "@cdktf/provider-aws/lib/route53-resolver-query-log-config-association";
import { Construct } from "constructs";
import { LogDelivery } from "../cloudwatch/log-delivery";
import { LogMetricFilter } from "../cloudwatch/log-metric-filter";
import { checkRetention, type LogRetentionDays } from "../cloudwatch/log-retention";
import type { Metric } from "../cloudwatch/metric";
import { pascalCase, snakeCase, terraformAddress } from "../framework/address";
import { arn, awsContext } from "../framework/aws-context";
import { checkLiteral } from "../framework/check";
import { Module } from "../framework/module";
import { Platform } from "../framework/platform";
import { checkVpcId } from "../network/network-ids";
import type { IDnsNamespace } from "./dns-namespace";

export interface DnsQueryLogProps {
  /** The VPC whose resolver is to log. All of its queries are logged, those for other names too. */
  readonly vpcId: string;
  /** Whose queries are counted. */
  readonly namespaces: readonly Pick<IDnsNamespace, "namespaceName">[];
  /** Days for which the queries are kept. @default 7: there is an event for each query */
  readonly retentionInDays?: LogRetentionDays;
}

/** What is counted for a namespace. */
export interface DnsQueryMetrics {
  readonly namespaceName: string;
  /** All queries for names in it. */
  readonly queries: Metric;
  /** Those for names that it does not have: of services that have no task, or that are misspelt. */
  readonly nameErrors: Metric;
}

/**
 * The query log of a VPC's resolver, and how many queries for the names of a namespace are in it. Each event costs what
 * CloudWatch Logs takes for its bytes. What the resolver answers from its cache, for as long as the TTL of a record
 * says, is not logged.
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs.html
 */
export class DnsQueryLog extends Module {
  public readonly logGroupName: string;
  /** One for each namespace, in the order in which they were given. */
  public readonly metrics: readonly DnsQueryMetrics[];

  public constructor(scope: Construct, id: string, props: DnsQueryLogProps) {
    super(scope, id);
    const { vpcId, retentionInDays = 7 } = props;
    checkVpcId(this, "vpcId", vpcId);
    checkRetention(this, "retentionInDays", retentionInDays);
    const name = `${Platform.of(this).name}-${terraformAddress(this).replaceAll("_", "-")}`;
    const logGroup = new CloudwatchLogGroup(this, "log_group", {
      name: `/aws/route53resolver/${name}`,
      retentionInDays,
    });
    const policy = LogDelivery.allow(
      this,
      {
        sid: pascalCase(terraformAddress(this)),
        principal: { Service: "delivery.logs.amazonaws.com" },
        conditions: {
          StringEquals: { "aws:SourceAccount": awsContext(this).accountId },
          ArnLike: { "aws:SourceArn": arn(this, "logs", "*") },
        },
      },
      logGroup.arn,
    );
    const config = new Route53ResolverQueryLogConfig(this, "query_log_config", {
      name: name.replace(/[^A-Za-z0-9_-]+/g, "-").slice(0, 64),
      destinationArn: logGroup.arn,
      dependsOn: [policy],
    });
    new Route53ResolverQueryLogConfigAssociation(this, "query_log_config_association", {
      resolverQueryLogConfigId: config.id,
      resourceId: vpcId,
    });
    this.logGroupName = logGroup.name;
    this.metrics = props.namespaces.map(({ namespaceName }) => this.count(namespaceName, logGroup.name));
  }

  private count(namespaceName: string, logGroupName: string): DnsQueryMetrics {
    checkLiteral(this, "namespaces.namespaceName", namespaceName);
    const scope = new Construct(this, snakeCase(namespaceName));
    const namespace = `${Platform.of(this).name}/dns/${namespaceName}`;
    // the log has names with the dot of the root
    const inNamespace = `($.query_name = "*.${namespaceName}.")`;
    const filter = (id: string, name: string, condition: string): Metric =>
      new LogMetricFilter(scope, id, {
        logGroupName,
        namespace,
        name,
        pattern: `{ ${condition} }`,
      }).metric();
    return {
      namespaceName,
      queries: filter("queries", "Queries", inNamespace),
      nameErrors: filter("name_errors", "NameErrors", `${inNamespace} && ($.rcode = "NXDOMAIN")`),
    };
  }
}
