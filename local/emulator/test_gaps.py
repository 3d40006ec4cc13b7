"""The gaps of Route 53, EFS, security groups and all others but Cloud Map and ECS."""

from __future__ import annotations

import json
import unittest
from typing import Any

from gap_test import GapTest, aws, setUpModule, tearDownModule


class Route53(GapTest):
    def test_a_zone_with_a_vpc_is_private(self) -> None:
        vpc = {"VPCRegion": "us-east-1", "VPCId": self.vpc()}
        created = aws("route53").create_hosted_zone(Name="a.example", CallerReference="1", VPC=vpc)
        found = aws("route53").get_hosted_zone(Id=created["HostedZone"]["Id"])
        self.assertTrue(found["HostedZone"]["Config"]["PrivateZone"])
        self.assertEqual(found["VPCs"], [vpc])

    def test_a_second_zone_of_a_vpc(self) -> None:
        first, second = [
            {"VPCRegion": "us-east-1", "VPCId": self.vpc(cidr)} for cidr in ("10.0.0.0/16", "10.1.0.0/16")
        ]
        zones = aws("route53")
        zones.create_hosted_zone(Name="a.example", CallerReference="1", VPC=first)
        other = zones.create_hosted_zone(Name="a.example", CallerReference="2", VPC=second)["HostedZone"][
            "Id"
        ]
        self.refused(
            "ConflictingDomainExists",
            "same domain name",
            zones.create_hosted_zone,
            Name="A.example.",
            CallerReference="3",
            VPC=first,
        )
        self.refused(
            "ConflictingDomainExists",
            "same domain name",
            zones.associate_vpc_with_hosted_zone,
            HostedZoneId=other,
            VPC=first,
        )


class Efs(GapTest):
    def setUp(self) -> None:
        super().setUp()
        self.id = aws("efs").create_file_system(CreationToken="t")["FileSystemId"]

    def described(self) -> dict[str, Any]:
        return aws("efs").describe_file_systems(FileSystemId=self.id)["FileSystems"][0]

    def test_backup_policy(self) -> None:
        self.refused("PolicyNotFound", "", aws("efs").describe_backup_policy, FileSystemId=self.id)
        for status in ("ENABLED", "DISABLED"):
            aws("efs").put_backup_policy(FileSystemId=self.id, BackupPolicy={"Status": status})
            found = aws("efs").describe_backup_policy(FileSystemId=self.id)["BackupPolicy"]
            self.assertEqual(found, {"Status": status})
        self.refused("FileSystemNotFound", "", aws("efs").describe_backup_policy, FileSystemId="fs-00000000")

    def test_delete_file_system_policy(self) -> None:
        aws("efs").put_file_system_policy(FileSystemId=self.id, Policy=json.dumps({"Statement": []}))
        aws("efs").delete_file_system_policy(FileSystemId=self.id)
        self.refused("PolicyNotFound", "", aws("efs").describe_file_system_policy, FileSystemId=self.id)

    def test_protection(self) -> None:
        self.assertEqual(
            self.described()["FileSystemProtection"], {"ReplicationOverwriteProtection": "ENABLED"}
        )
        aws("efs").update_file_system_protection(
            FileSystemId=self.id, ReplicationOverwriteProtection="DISABLED"
        )
        self.assertEqual(
            self.described()["FileSystemProtection"], {"ReplicationOverwriteProtection": "DISABLED"}
        )

    def test_update_of_the_throughput(self) -> None:
        aws("efs").update_file_system(
            FileSystemId=self.id, ThroughputMode="provisioned", ProvisionedThroughputInMibps=10
        )
        self.assertEqual(self.described()["ProvisionedThroughputInMibps"], 10)
        aws("efs").update_file_system(FileSystemId=self.id, ThroughputMode="elastic")
        self.assertEqual(self.described()["ThroughputMode"], "elastic")
        self.assertNotIn("ProvisionedThroughputInMibps", self.described())

    def test_access_points(self) -> None:
        create, owner = aws("efs").create_access_point, {"OwnerUid": 1, "OwnerGid": 1}
        for path in ("relative", "/a/b/c/d/e", "/with$dollar", "/" + "a" * 100):
            self.refused("BadRequest", "path", create, FileSystemId=self.id, RootDirectory={"Path": path})
        for permissions in ("493x", "0999", "75"):
            root = {"Path": "/a", "CreationInfo": {**owner, "Permissions": permissions}}
            self.refused("BadRequest", "permissions", create, FileSystemId=self.id, RootDirectory=root)
        create(
            FileSystemId=self.id,
            RootDirectory={"Path": "/a/b", "CreationInfo": {**owner, "Permissions": "0755"}},
        )
        self.refused("FileSystemNotFound", "", create, FileSystemId="fs-00000000")


class SecurityGroups(GapTest):
    def setUp(self) -> None:
        super().setUp()
        self.vpc_id = self.vpc()
        self.group, self.other = self.new_group("one"), self.new_group("two")

    def new_group(self, name: str, description: str = "Tasks of stock (80/tcp), $1 & more*") -> str:
        return aws("ec2").create_security_group(GroupName=name, Description=description, VpcId=self.vpc_id)[
            "GroupId"
        ]

    def permission(self, description: str = "signal calls stock", port: int = 80) -> list[dict[str, Any]]:
        pair = {"GroupId": self.other, "Description": description}
        return [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [pair]}]

    def rules(self) -> list[dict[str, Any]]:
        found = aws("ec2").describe_security_group_rules(
            Filters=[{"Name": "group-id", "Values": [self.group]}]
        )
        return [rule for rule in found["SecurityGroupRules"] if not rule["IsEgress"]]

    def test_description_of_a_referenced_group(self) -> None:
        made = aws("ec2").authorize_security_group_ingress(
            GroupId=self.group, IpPermissions=self.permission()
        )
        self.assertEqual(made["SecurityGroupRules"][0]["Description"], "signal calls stock")
        self.assertEqual(self.rules()[0]["Description"], "signal calls stock")

    def test_description_of_a_prefix_list(self) -> None:
        lists = [{"PrefixListId": "pl-1", "Description": "S3"}]
        aws("ec2").authorize_security_group_ingress(
            GroupId=self.group,
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": lists}],
        )
        self.assertEqual(self.rules()[0]["Description"], "S3")

    def test_the_description_does_not_make_another_rule(self) -> None:
        allow = aws("ec2").authorize_security_group_ingress
        allow(GroupId=self.group, IpPermissions=self.permission())
        self.refused(
            "InvalidPermission.Duplicate",
            "",
            allow,
            GroupId=self.group,
            IpPermissions=self.permission("again"),
        )
        allow(GroupId=self.group, IpPermissions=self.permission("again", port=81))

    def test_a_changed_description(self) -> None:
        ec2 = aws("ec2")
        ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=self.permission())
        change = {
            "IpProtocol": "tcp",
            "FromPort": 80,
            "ToPort": 80,
            "ReferencedGroupId": self.other,
            "Description": "new",
        }
        rule = self.rules()[0]["SecurityGroupRuleId"]
        ec2.modify_security_group_rules(
            GroupId=self.group,
            SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": change}],
        )
        self.assertEqual([found["Description"] for found in self.rules()], ["new"])
        group = ec2.describe_security_groups(GroupIds=[self.group])["SecurityGroups"][0]
        pairs = group["IpPermissions"][0]["UserIdGroupPairs"]
        self.assertEqual([(pair["GroupId"], pair["Description"]) for pair in pairs], [(self.other, "new")])

    def test_a_changed_description_of_a_rule_without_ports(self) -> None:
        ec2 = aws("ec2")
        everything = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "10.0.0.0/8", "Description": "old"}]}
        ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[everything])
        rule = self.rules()[0]["SecurityGroupRuleId"]
        change = {"IpProtocol": "-1", "CidrIpv4": "10.0.0.0/8", "Description": "new"}
        ec2.modify_security_group_rules(
            GroupId=self.group,
            SecurityGroupRules=[{"SecurityGroupRuleId": rule, "SecurityGroupRule": change}],
        )
        self.assertEqual([found["Description"] for found in self.rules()], ["new"])

    def test_characters(self) -> None:
        for text in ("it's", 'a "b"', "stock → signal", "Störung", "a" * 256, "a?b"):
            self.refused(
                "InvalidParameterValue",
                "security group description",
                self.new_group,
                name="x",
                description=text,
            )
            self.refused(
                "InvalidParameterValue",
                "Invalid rule description",
                aws("ec2").authorize_security_group_ingress,
                GroupId=self.group,
                IpPermissions=self.permission(text),
            )
        for name in ("sg-mine", "a|b", "a" * 256):
            self.refused("InvalidParameterValue", "security group name", self.new_group, name=name)


class Others(GapTest):
    def test_launch_template_tags_stay_out_of_its_data(self) -> None:
        def data(name: str, **template: Any) -> dict[str, Any]:
            own = {"ResourceType": "launch-template", "Tags": [{"Key": "Own", "Value": "1"}]}
            aws("ec2").create_launch_template(
                LaunchTemplateName=name, LaunchTemplateData=template, TagSpecifications=[own]
            )
            versions = aws("ec2").describe_launch_template_versions(
                LaunchTemplateName=name, Versions=["$Latest"]
            )
            return versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]

        self.assertEqual(data("plain", InstanceType="t3.small").get("TagSpecifications", []), [])
        kept = {"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "x"}]}
        self.assertEqual(data("tagged", TagSpecifications=[kept])["TagSpecifications"], [kept])
        found = aws("ec2").describe_launch_templates(LaunchTemplateNames=["plain"])["LaunchTemplates"][0]
        self.assertEqual(found["Tags"], [{"Key": "Own", "Value": "1"}])

    def test_tags_of_a_launch_template_change(self) -> None:
        template = aws("ec2").create_launch_template(LaunchTemplateName="t", LaunchTemplateData={})
        created = template["LaunchTemplate"]["LaunchTemplateId"]
        aws("ec2").create_tags(Resources=[created], Tags=[{"Key": "a", "Value": "1"}])
        found = aws("ec2").describe_launch_templates(LaunchTemplateIds=[created])["LaunchTemplates"][0]
        self.assertEqual(found["Tags"], [{"Key": "a", "Value": "1"}])

    def test_log_group_class(self) -> None:
        aws("logs").create_log_group(logGroupName="/ecs/a", logGroupClass="INFREQUENT_ACCESS")
        aws("logs").create_log_group(logGroupName="/ecs/b")
        groups = aws("logs").describe_log_groups()["logGroups"]
        self.assertEqual([group["logGroupClass"] for group in groups], ["INFREQUENT_ACCESS", "STANDARD"])

    def test_log_group_name(self) -> None:
        self.refused(
            "InvalidParameterException", "logGroupName", aws("logs").create_log_group, logGroupName="a b"
        )

    def test_ecr_repository_name(self) -> None:
        self.refused(
            "InvalidParameterException", "repositoryName", aws("ecr").create_repository, repositoryName="a"
        )
        self.refused(
            "InvalidParameterException", "repositoryName", aws("ecr").create_repository, repositoryName="Ab"
        )
        for name in ("every/stock-service", "two__words/many---hyphens"):
            aws("ecr").create_repository(repositoryName=name)

    def test_aws_managed_policies_exist(self) -> None:
        iam, managed = aws("iam"), "arn:aws:iam::aws:policy"
        iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")
        iam.create_group(GroupName="g")
        iam.create_user(UserName="u")
        first = f"{managed}/service-role/AmazonECSTaskExecutionRolePolicy"
        iam.attach_role_policy(RoleName="r", PolicyArn=first)
        iam.attach_group_policy(GroupName="g", PolicyArn=f"{managed}/AmazonECS_FullAccess")
        iam.attach_user_policy(UserName="u", PolicyArn=f"{managed}/ReadOnlyAccess")
        self.assertEqual(iam.get_policy(PolicyArn=first)["Policy"]["AttachmentCount"], 1)
        self.refused("NoSuchEntity", "", iam.get_policy, PolicyArn=f"{first}2")

    def test_aws_managed_policies_can_be_read(self) -> None:
        iam, managed = aws("iam"), "arn:aws:iam::aws:policy"
        version = iam.get_policy(PolicyArn=f"{managed}/ReadOnlyAccess")["Policy"]["DefaultVersionId"]
        self.assertRegex(version, r"v\d+")
        other = f"{managed}/service-role/AmazonEC2ContainerServiceforEC2Role"
        document = iam.get_policy_version(PolicyArn=other, VersionId="v10")["PolicyVersion"]["Document"]
        self.assertEqual(document["Statement"][0]["Effect"], "Allow")


if __name__ == "__main__":
    unittest.main()
