"""The gaps of Cloud Map."""

from __future__ import annotations

import unittest
from typing import Any

from gap_test import GapTest, aws, setUpModule, tearDownModule


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


if __name__ == "__main__":
    unittest.main()
