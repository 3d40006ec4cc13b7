"""The gaps of ECS around its services: registries, clusters, task definitions, autoscaling."""

from __future__ import annotations

import unittest
from typing import Any

from ecs_test import EcsTest, FARGATE
from gap_test import aws, setUpModule, tearDownModule


class ServiceRegistries(EcsTest):
    def setUp(self) -> None:
        super().setUp()
        cloud_map = aws("servicediscovery")
        operation = cloud_map.create_private_dns_namespace(Name="a.internal", Vpc=self.vpc_id)["OperationId"]
        self.namespace = cloud_map.get_operation(OperationId=operation)["Operation"]["Targets"]["NAMESPACE"]
        self.a, self.srv, self.both = [self.registry(*types) for types in (["A"], ["SRV"], ["A", "SRV"])]

    def registry(self, *types: str) -> str:
        records = [{"Type": kind, "TTL": 10} for kind in types]
        return aws("servicediscovery").create_service(
            Name="-".join(types), DnsConfig={"NamespaceId": self.namespace, "DnsRecords": records}
        )["Service"]["Arn"]

    def on(self, arn: str, **ports: Any) -> dict[str, Any]:
        return {"serviceRegistries": [{"registryArn": arn, **ports}]}

    def test_awsvpc_with_a_records_takes_no_ports(self) -> None:
        container = {"containerName": "web", "containerPort": 80}
        for ports, name in (({"port": 80}, "port"), (container, "containerPort")):
            self.refused(
                "InvalidParameterException",
                f"The values specified for serviceRegistries do not require a value for '{name}'. "
                "Remove the value and retry.",
                self.create,
                **self.on(self.a, **ports),
            )
        self.create(**self.on(self.a))

    def test_awsvpc_with_srv_takes_exactly_one_form(self) -> None:
        container = {"containerName": "web", "containerPort": 80}
        for ports in ({}, {"port": 80, **container}, {"containerName": "web"}):
            self.refused(
                "InvalidParameterException",
                "Specify a value for either 'port' or the 'containerName' and 'containerPort' combination, but not both",
                self.create,
                **self.on(self.both, **ports),
            )
        self.create(**self.on(self.both, port=80))
        self.create(serviceName="s2", **self.on(self.srv, **container))

    def test_update_is_checked_too(self) -> None:
        self.create(**self.on(self.both, port=80))
        self.refused(
            "InvalidParameterException",
            "do not require a value for 'port'",
            self.ecs.update_service,
            cluster="c",
            service="s",
            **self.on(self.a, port=80),
        )

    def test_bridge_takes_srv_with_a_container(self) -> None:
        container = {"containerName": "web", "containerPort": 80}
        self.refused(
            "InvalidParameterException",
            "type 'A' DNS record, which is not supported",
            self.create_bridge,
            **self.on(self.both, **container),
        )
        self.refused(
            "InvalidParameterException",
            "'containerName' and 'containerPort' must be specified",
            self.create_bridge,
            **self.on(self.srv, port=80),
        )
        self.create_bridge(**self.on(self.srv, **container))

    def test_the_container_must_exist(self) -> None:
        for ports, part in (
            ({"containerName": "x", "containerPort": 80}, "container x"),
            ({"containerName": "web", "containerPort": 81}, "port 81"),
        ):
            self.refused("InvalidParameterException", part, self.create, **self.on(self.srv, **ports))

    def test_the_arn_must_be_that_of_a_service(self) -> None:
        namespace = aws("servicediscovery").get_namespace(Id=self.namespace)["Namespace"]["Arn"]
        self.refused(
            "InvalidParameterException",
            "The format of the supplied service registry ARN is invalid",
            self.create,
            **self.on(namespace),
        )
        self.refused(
            "InvalidParameterException", "ServiceNotFound", self.create, **self.on(self.a[:-3] + "zzz")
        )


class Clusters(EcsTest):
    def test_a_cluster_with_services_stays(self) -> None:
        self.create()
        self.refused("ClusterContainsServicesException", "Services", self.ecs.delete_cluster, cluster="c")
        self.ecs.delete_service(cluster="c", service="s", force=True)
        self.ecs.delete_cluster(cluster="c")

    def test_capacity_providers_must_exist(self) -> None:
        self.refused(
            "InvalidParameterException",
            "'missing' was not found",
            self.ecs.put_cluster_capacity_providers,
            cluster="c",
            capacityProviders=["missing"],
            defaultCapacityProviderStrategy=[],
        )
        self.refused(
            "InvalidParameterException",
            "default capacity provider strategy",
            self.ecs.put_cluster_capacity_providers,
            cluster="c",
            capacityProviders=["FARGATE"],
            defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT"}],
        )

    def test_names_of_capacity_providers(self) -> None:
        group = {"autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:1:asg"}
        for name in ("aws-x", "ecs-x", "fargate-x", "Fargate_2", "a b", "a" * 256):
            self.refused(
                "InvalidParameterException",
                "capacity provider name is invalid",
                self.ecs.create_capacity_provider,
                name=name,
                autoScalingGroupProvider=group,
            )
        self.ecs.create_capacity_provider(name="my-ecs", autoScalingGroupProvider=group)

    def test_protection_is_that_of_the_group_too(self) -> None:
        def create(name: str, group: str, **scaling: str) -> None:
            provider = {"autoScalingGroupArn": group, "managedTerminationProtection": "ENABLED", **scaling}
            self.ecs.create_capacity_provider(name=name, autoScalingGroupProvider=provider)

        on = {"managedScaling": {"status": "ENABLED"}}
        plain, protected = (self.group(name, name == "protected") for name in ("plain", "protected"))
        for part, group, scaling in (("protection from scale in", plain, on), ("managed scaling", protected, {})):
            self.refused("InvalidParameterException", part, create, name="p", group=group, **scaling)
        create("p", protected, **on)

    def group(self, name: str, protected: bool) -> str:
        autoscaling = aws("autoscaling")
        data = {"InstanceType": "t3.small"}
        aws("ec2").create_launch_template(LaunchTemplateName=name, LaunchTemplateData=data)
        autoscaling.create_auto_scaling_group(
            AutoScalingGroupName=name,
            LaunchTemplate={"LaunchTemplateName": name},
            MinSize=0,
            MaxSize=1,
            VPCZoneIdentifier=self.network["awsvpcConfiguration"]["subnets"][0],
            NewInstancesProtectedFromScaleIn=protected,
        )
        found = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        return found["AutoScalingGroups"][0]["AutoScalingGroupARN"]

    def test_a_provider_in_use_stays(self) -> None:
        self.create(capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT", "weight": 1}])
        self.refused(
            "ResourceInUseException",
            "is in use and cannot be removed",
            self.ecs.put_cluster_capacity_providers,
            cluster="c",
            capacityProviders=["FARGATE"],
            defaultCapacityProviderStrategy=[],
        )


class TaskDefinitions(EcsTest):
    def test_sizes_of_fargate(self) -> None:
        def on(cpu: str, memory: str) -> dict[str, str]:
            return {**FARGATE, "cpu": cpu, "memory": memory}

        for cpu, memory in (("256", "4096"), ("512", "512"), ("1024", "2500"), ("32768", "65536")):
            self.refused(
                "ClientException",
                "No Fargate configuration exists for given values.",
                self.register,
                family="f",
                **on(cpu, memory),
            )
        for cpu in ("300", "0", "x"):
            self.refused(
                "ClientException",
                "Invalid 'cpu' setting for task.",
                self.register,
                family="f",
                **on(cpu, "512"),
            )
        for cpu, memory in (
            (".25 vCPU", "0.5 GB"),
            ("1 vCPU", "2GB"),
            ("4096", "30720"),
            ("16384", "122880"),
            ("32768", "249856"),
        ):
            self.register("f", **on(cpu, memory))

    def test_needs_of_fargate(self) -> None:
        for missing in ("cpu", "memory"):
            given = {key: value for key, value in FARGATE.items() if key != missing}
            self.refused(
                "ClientException",
                f"Fargate requires that '{missing}' be defined at the task level.",
                self.register,
                family="f",
                **given,
            )
        self.refused(
            "ClientException",
            "Fargate only supports network mode",
            self.register,
            family="f",
            **{**FARGATE, "networkMode": "bridge"},
        )

    def test_efs_volumes(self) -> None:
        def volume(**config: Any) -> dict[str, Any]:
            return {
                "volumes": [
                    {"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-12345678", **config}}
                ]
            }

        point = {"authorizationConfig": {"accessPointId": "fsap-12345678"}}
        for wrong in (
            volume(**point),
            volume(authorizationConfig={"iam": "ENABLED"}),
            volume(**point, transitEncryption="ENABLED", rootDirectory="/x"),
            volume(transitEncryptionPort=2999),
        ):
            self.refused("ClientException", "'data'", self.register, family="f", **FARGATE, **wrong)
        self.register("f", **FARGATE, **volume(**point, transitEncryption="ENABLED", rootDirectory="/"))
        self.register("f", **FARGATE, **volume(rootDirectory="/x"))


class ApplicationAutoScaling(EcsTest):
    def test_tags_of_a_scalable_target(self) -> None:
        self.create()
        scaling = aws("application-autoscaling")
        target = {
            "ServiceNamespace": "ecs",
            "ResourceId": "service/c/s",
            "ScalableDimension": "ecs:service:DesiredCount",
        }
        arn = scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=2, Tags={"a": "1"})[
            "ScalableTargetARN"
        ]
        scaling.tag_resource(ResourceARN=arn, Tags={"b": "2"})
        self.assertEqual(scaling.list_tags_for_resource(ResourceARN=arn)["Tags"], {"a": "1", "b": "2"})
        scaling.untag_resource(ResourceARN=arn, TagKeys=["a"])
        self.assertEqual(scaling.list_tags_for_resource(ResourceARN=arn)["Tags"], {"b": "2"})
        scaling.deregister_scalable_target(**target)
        self.refused("ResourceNotFoundException", arn, scaling.list_tags_for_resource, ResourceARN=arn)


if __name__ == "__main__":
    unittest.main()
