"""The gaps of Route 53 Resolver."""

from __future__ import annotations

import unittest
from typing import Any

from gap_test import GapTest, aws, setUpModule, tearDownModule

LOG_GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/route53resolver/platform"


class QueryLogTest(GapTest):
    def config(self) -> str:
        answer = aws("route53resolver").create_resolver_query_log_config(
            Name="platform", DestinationArn=LOG_GROUP, CreatorRequestId="1"
        )
        return answer["ResolverQueryLogConfig"]["Id"]

    def association(self, config: str, vpc: str) -> dict[str, Any]:
        return aws("route53resolver").associate_resolver_query_log_config(
            ResolverQueryLogConfigId=config, ResourceId=vpc
        )["ResolverQueryLogConfigAssociation"]

    def test_config_has_tags(self) -> None:
        created = aws("route53resolver").create_resolver_query_log_config(
            Name="platform",
            DestinationArn=LOG_GROUP,
            CreatorRequestId="1",
            Tags=[{"Key": "Environment", "Value": "staging"}],
        )
        arn = created["ResolverQueryLogConfig"]["Arn"]
        aws("route53resolver").tag_resource(ResourceArn=arn, Tags=[{"Key": "Owner", "Value": "platform"}])
        aws("route53resolver").untag_resource(ResourceArn=arn, TagKeys=["Environment"])
        tags = aws("route53resolver").list_tags_for_resource(ResourceArn=arn)["Tags"]
        self.assertEqual(tags, [{"Key": "Owner", "Value": "platform"}])
        self.refused(
            "ResourceNotFoundException",
            "does not exist",
            aws("route53resolver").list_tags_for_resource,
            ResourceArn=f"{arn}-other",
        )

    def test_association_ends(self) -> None:
        config, vpc, other = self.config(), self.vpc(), self.vpc("10.1.0.0/16")
        gone = self.association(config, vpc)
        kept = self.association(config, other)
        aws("route53resolver").disassociate_resolver_query_log_config(
            ResolverQueryLogConfigId=config, ResourceId=vpc
        )
        associations = aws("route53resolver").list_resolver_query_log_config_associations()
        self.assertEqual(
            [found["Id"] for found in associations["ResolverQueryLogConfigAssociations"]], [kept["Id"]]
        )
        self.refused(
            "ResourceNotFoundException",
            gone["Id"],
            aws("route53resolver").get_resolver_query_log_config_association,
            ResolverQueryLogConfigAssociationId=gone["Id"],
        )
        self.refused(
            "ResourceNotFoundException",
            "is not associated",
            aws("route53resolver").disassociate_resolver_query_log_config,
            ResolverQueryLogConfigId=config,
            ResourceId=vpc,
        )

    def test_config_is_deleted_once_nothing_is_associated(self) -> None:
        config, vpc = self.config(), self.vpc()
        self.association(config, vpc)
        delete = aws("route53resolver").delete_resolver_query_log_config
        self.refused("InvalidRequestException", "is associated", delete, ResolverQueryLogConfigId=config)
        aws("route53resolver").disassociate_resolver_query_log_config(
            ResolverQueryLogConfigId=config, ResourceId=vpc
        )
        delete(ResolverQueryLogConfigId=config)
        self.assertEqual(aws("route53resolver").list_resolver_query_log_configs()["TotalCount"], 0)
        self.refused("ResourceNotFoundException", config, delete, ResolverQueryLogConfigId=config)


if __name__ == "__main__":
    unittest.main()
