"""One test or more per closed gap, through boto3 against a started emulator.

    python3 -m unittest discover -s local/emulator

Every test fails on moto as it is. The emulator is emptied before each test.
"""

from __future__ import annotations

import json
import unittest
import urllib.request
from typing import Any, Callable

from botocore.exceptions import ClientError

from started_server import StartedServer

server: StartedServer
clients: dict[str, Any] = {}


def setUpModule() -> None:
    global server
    server = StartedServer()
    clients.clear()


def tearDownModule() -> None:
    server.stop()


def aws(service: str) -> Any:
    if service not in clients:
        clients[service] = server.client(service)
    return clients[service]


def reset() -> None:
    request = urllib.request.Request(f"{server.url}/moto-api/reset", method="POST")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()


class GapTest(unittest.TestCase):
    def setUp(self) -> None:
        reset()

    def refused(self, code: str, part: str, call: Callable[..., Any], **arguments: Any) -> None:
        """The call must fail with this error code, and a message that has this part."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code, error)
        self.assertIn(part, error["Message"])

    def vpc(self, cidr: str = "10.0.0.0/16") -> str:
        return aws("ec2").create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]

    def subnet(self, vpc: str, cidr: str = "10.0.1.0/24") -> str:
        return aws("ec2").create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"]


class CloudMapNamespaces(GapTest):
    def create(self, name: str, vpc: str) -> dict[str, Any]:
        operation = aws("servicediscovery").create_private_dns_namespace(Name=name, Vpc=vpc)["OperationId"]
        return aws("servicediscovery").get_operation(OperationId=operation)["Operation"]

    def test_several_namespaces_on_one_vpc(self) -> None:
        vpc = self.vpc()
        self.assertEqual(
            [self.create(name, vpc)["Status"] for name in ("a.internal", "b.internal")], ["SUCCESS"] * 2
        )

    def test_one_name_per_vpc_ignoring_case(self) -> None:
        vpc = self.vpc()
        self.create("a.internal", vpc)
        failed = self.create("A.Internal", vpc)
        self.assertEqual((failed["Status"], failed["ErrorCode"]), ("FAIL", "CANNOT_CREATE_HOSTED_ZONE"))
        self.assertIn("with the same domain name", failed["ErrorMessage"])
        self.assertIn("ConflictingDomainExists", failed["ErrorMessage"])
        self.assertEqual(self.create("a.internal", self.vpc("10.1.0.0/16"))["Status"], "SUCCESS")
        self.assertEqual(len(aws("servicediscovery").list_namespaces()["Namespaces"]), 2)

    def test_conflict_with_a_private_zone_both_ways(self) -> None:
        vpc, zones = self.vpc(), aws("route53")
        zones.create_hosted_zone(
            Name="zone.internal", CallerReference="1", VPC={"VPCId": vpc, "VPCRegion": "us-east-1"}
        )
        self.assertEqual(self.create("zone.internal", vpc)["Status"], "FAIL")
        self.create("map.internal", vpc)
        self.refused(
            "ConflictingDomainExists",
            f"The VPC {vpc} in region us-east-1 has already been associated",
            zones.create_hosted_zone,
            Name="map.internal",
            CallerReference="2",
            VPC={"VPCId": vpc, "VPCRegion": "us-east-1"},
        )

    def test_the_zone_of_a_namespace(self) -> None:
        vpc = self.vpc()
        namespace = self.create("a.internal", vpc)["Targets"]["NAMESPACE"]
        found = aws("servicediscovery").get_namespace(Id=namespace)["Namespace"]
        zone = aws("route53").get_hosted_zone(Id=found["Properties"]["DnsProperties"]["HostedZoneId"])
        self.assertEqual(zone["HostedZone"]["Name"], "a.internal.")
        self.assertTrue(zone["HostedZone"]["Config"]["PrivateZone"])
        self.assertEqual(zone["VPCs"], [{"VPCRegion": "us-east-1", "VPCId": vpc}])
        aws("servicediscovery").delete_namespace(Id=namespace)
        self.assertEqual(aws("route53").list_hosted_zones()["HostedZones"], [])

    def test_a_changed_soa_keeps_the_zone(self) -> None:
        cloud_map = aws("servicediscovery")
        private = self.create("a.internal", self.vpc())["Targets"]["NAMESPACE"]
        operation = cloud_map.create_public_dns_namespace(Name="a.example")["OperationId"]
        public = cloud_map.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
        change = {"Properties": {"DnsProperties": {"SOA": {"TTL": 30}}}}
        cloud_map.update_private_dns_namespace(Id=private, Namespace=change)
        cloud_map.update_public_dns_namespace(Id=public, Namespace=change)
        for namespace in (private, public):
            properties = cloud_map.get_namespace(Id=namespace)["Namespace"]["Properties"]["DnsProperties"]
            self.assertEqual(properties["SOA"], {"TTL": 30})
            self.assertTrue(properties["HostedZoneId"])

    def test_names(self) -> None:
        cloud_map, vpc = aws("servicediscovery"), self.vpc()
        for name in ("two words", "umlaut-ä", "arn:x", "a" * 254, ""):
            self.refused("InvalidInput", "name", cloud_map.create_private_dns_namespace, Name=name, Vpc=vpc)
        self.refused("InvalidInput", "name", cloud_map.create_http_namespace, Name="two words")
        self.refused("InvalidInput", "name", cloud_map.create_public_dns_namespace, Name="-a.example.com")

    def test_one_http_namespace_of_a_name(self) -> None:
        aws("servicediscovery").create_http_namespace(Name="mesh")
        self.refused(
            "NamespaceAlreadyExists", "mesh", aws("servicediscovery").create_http_namespace, Name="mesh"
        )

    def test_a_namespace_with_services_stays(self) -> None:
        namespace = self.create("a.internal", self.vpc())["Targets"]["NAMESPACE"]
        service = aws("servicediscovery").create_service(
            Name="stock", DnsConfig={"NamespaceId": namespace, "DnsRecords": [{"Type": "A", "TTL": 10}]}
        )["Service"]["Id"]
        self.refused(
            "ResourceInUse", "associated services", aws("servicediscovery").delete_namespace, Id=namespace
        )
        aws("servicediscovery").delete_service(Id=service)
        aws("servicediscovery").delete_namespace(Id=namespace)

    def test_list_filters(self) -> None:
        self.create("a.internal", self.vpc())
        aws("servicediscovery").create_http_namespace(Name="mesh")
        found = aws("servicediscovery").list_namespaces(
            Filters=[{"Name": "TYPE", "Values": ["HTTP"], "Condition": "EQ"}]
        )["Namespaces"]
        self.assertEqual([namespace["Name"] for namespace in found], ["mesh"])


class CloudMapServices(GapTest):
    def setUp(self) -> None:
        super().setUp()
        self.map = aws("servicediscovery")
        self.vpc_id = self.vpc()
        self.namespace = self.new_namespace("a.internal")

    def new_namespace(self, name: str) -> str:
        operation = self.map.create_private_dns_namespace(Name=name, Vpc=self.vpc_id)["OperationId"]
        return self.map.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]

    def create(self, name: str = "stock", *types: str, ttl: int = 10, **more: Any) -> dict[str, Any]:
        records = [{"Type": kind, "TTL": ttl} for kind in types or ("A",)]
        config = {"NamespaceId": self.namespace, "DnsRecords": records, **more.pop("dns", {})}
        return self.map.create_service(Name=name, DnsConfig=config, **more)["Service"]

    def test_the_only_failure_threshold_is_1(self) -> None:
        for given in ({"FailureThreshold": 5}, {}):
            service = self.create(f"s{len(given)}", HealthCheckCustomConfig=given)
            stored = self.map.get_service(Id=service["Id"])["Service"]["HealthCheckCustomConfig"]
            self.assertEqual(stored, {"FailureThreshold": 1})
        self.assertIsNone(self.create("none").get("HealthCheckCustomConfig"))
        self.refused(
            "InvalidInput", "FailureThreshold", self.create, HealthCheckCustomConfig={"FailureThreshold": 11}
        )

    def test_health_check_mixes(self) -> None:
        check, custom = {"Type": "HTTP"}, {"FailureThreshold": 1}
        self.refused("InvalidInput", "private", self.create, HealthCheckConfig=check)
        self.refused(
            "InvalidInput", "not both", self.create, HealthCheckConfig=check, HealthCheckCustomConfig=custom
        )

    def test_names_are_checked(self) -> None:
        for name in ("a b", "a.", "-a", "a" * 64, ".".join(["a" * 50] * 3), "a\n"):
            self.refused("InvalidInput", "name", self.create, name=name)
        for name in ("a", "_stock._tcp", "a" * 63, "Stock-1"):
            self.create(name)

    def test_names_are_unique_ignoring_case(self) -> None:
        self.create("stock")
        self.refused("ServiceAlreadyExists", "Stock", self.create, name="Stock")
        self.namespace = self.new_namespace("b.internal")
        self.create("stock")

    def test_the_namespace_must_exist(self) -> None:
        self.namespace = "ns-missing"
        self.refused("NamespaceNotFound", "ns-missing", self.create)

    def test_ttl_and_record_types(self) -> None:
        for ttl in (-1, 2147483648):
            self.refused("InvalidInput", "TTL", self.create, ttl=ttl)
        self.create("zero", ttl=0)
        self.refused("InvalidInput", "MX", lambda: self.create("x", "MX"))
        self.refused("InvalidInput", "once", lambda: self.create("x", "A", "A"))
        self.refused("InvalidInput", "CNAME", lambda: self.create("x", "CNAME", "A"))
        self.refused("InvalidInput", "WEIGHTED", lambda: self.create("x", "CNAME"))
        self.create("pair", "A", "SRV")

    def test_an_update_changes_the_ttl_only(self) -> None:
        service = self.create("stock", "A")["Id"]
        change = {"DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 60}]}}
        self.map.update_service(Id=service, Service=change)
        self.assertEqual(
            self.map.get_service(Id=service)["Service"]["DnsConfig"]["DnsRecords"], [{"Type": "A", "TTL": 60}]
        )
        for records in ([{"Type": "SRV", "TTL": 60}], [{"Type": "A", "TTL": -1}]):
            self.refused(
                "InvalidInput",
                "",
                self.map.update_service,
                Id=service,
                Service={"DnsConfig": {"DnsRecords": records}},
            )

    def test_namespace_and_type_are_filled_in(self) -> None:
        service = self.create()
        self.assertEqual((service["NamespaceId"], service["Type"]), (self.namespace, "DNS_HTTP"))
        self.map.register_instance(
            ServiceId=service["Id"], InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.1"}
        )
        found = self.map.discover_instances(NamespaceName="a.internal", ServiceName="stock")["Instances"]
        self.assertEqual([instance["InstanceId"] for instance in found], ["i"])

    def test_a_service_with_instances_stays(self) -> None:
        service = self.create()["Id"]
        self.map.register_instance(
            ServiceId=service, InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.1"}
        )
        self.refused("ResourceInUse", "registered instances", self.map.delete_service, Id=service)
        self.map.deregister_instance(ServiceId=service, InstanceId="i")
        self.map.delete_service(Id=service)
        self.refused("ServiceNotFound", service, self.map.delete_service, Id=service)

    def test_registering_twice_overwrites(self) -> None:
        service = self.create()["Id"]
        for address in ("10.0.0.1", "10.0.0.2"):
            self.map.register_instance(
                ServiceId=service, InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": address}
            )
        instances = self.map.list_instances(ServiceId=service)["Instances"]
        self.assertEqual(
            [instance["Attributes"] for instance in instances], [{"AWS_INSTANCE_IPV4": "10.0.0.2"}]
        )

    def test_an_instance_needs_what_the_records_need(self) -> None:
        service = self.create("pair", "A", "SRV", HealthCheckCustomConfig={"FailureThreshold": 1})["Id"]
        address, port = {"AWS_INSTANCE_IPV4": "10.0.0.1"}, {"AWS_INSTANCE_PORT": "80"}
        for given, missing in ((address, "AWS_INSTANCE_PORT"), (port, "AWS_INSTANCE_IPV4")):
            self.refused(
                "InvalidInput",
                missing,
                self.map.register_instance,
                ServiceId=service,
                InstanceId="i",
                Attributes=given,
            )
        unhealthy = {**address, **port, "AWS_INIT_HEALTH_STATUS": "UNHEALTHY"}
        self.map.register_instance(ServiceId=service, InstanceId="i", Attributes=unhealthy)
        status = self.map.get_instances_health_status(ServiceId=service)["Status"]
        self.assertEqual(status, {"i": "UNHEALTHY"})

    def test_list_filters(self) -> None:
        self.create("stock")
        self.namespace = self.new_namespace("b.internal")
        self.create("signal")
        found = self.map.list_services(
            Filters=[{"Name": "NAMESPACE_ID", "Values": [self.namespace], "Condition": "EQ"}]
        )["Services"]
        self.assertEqual([service["Name"] for service in found], ["signal"])


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
