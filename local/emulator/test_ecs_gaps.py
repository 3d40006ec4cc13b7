"""The ECS gaps, and Application Auto Scaling of ECS services. As test_gaps.py."""

from __future__ import annotations

import unittest
from typing import Any

import test_gaps
from test_gaps import GapTest, aws

setUpModule, tearDownModule = test_gaps.setUpModule, test_gaps.tearDownModule

CONTAINER = {"name": "web", "image": "web", "memory": 128, "portMappings": [{"containerPort": 80}]}
FARGATE = {"requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc", "cpu": "256", "memory": "512"}


class EcsTest(GapTest):
    """A cluster with Fargate, and one task definition of each kind."""

    def setUp(self) -> None:
        super().setUp()
        self.ecs = aws("ecs")
        self.ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE", "FARGATE_SPOT"])
        self.vpc_id = self.vpc()
        self.network = {"awsvpcConfiguration": {"subnets": [self.subnet(self.vpc_id)]}}
        self.fargate = self.register("fargate", **FARGATE)
        self.bridge = self.register("bridge", requiresCompatibilities=["EC2"], networkMode="bridge")

    def register(self, family: str, **more: Any) -> str:
        definition = {"family": family, "containerDefinitions": [CONTAINER], **more}
        return self.ecs.register_task_definition(**definition)["taskDefinition"]["taskDefinitionArn"]

    def create(self, **more: Any) -> dict[str, Any]:
        """An awsvpc service, on Fargate unless a strategy or another launch type is given."""
        service = {
            "cluster": "c",
            "serviceName": "s",
            "taskDefinition": self.fargate,
            "desiredCount": 2,
            "networkConfiguration": self.network,
            **more,
        }
        if "capacityProviderStrategy" not in more:
            service.setdefault("launchType", "FARGATE")
        return self.ecs.create_service(**{key: value for key, value in service.items() if value is not None})[
            "service"
        ]

    def create_bridge(self, **more: Any) -> dict[str, Any]:
        return self.create(taskDefinition=self.bridge, launchType="EC2", networkConfiguration=None, **more)

    def described(self, name: str = "s") -> dict[str, Any]:
        return self.ecs.describe_services(cluster="c", services=[name])["services"][0]

    def cluster(self) -> dict[str, Any]:
        return self.ecs.describe_clusters(clusters=["c"])["clusters"][0]


class Services(EcsTest):
    def test_every_attribute_of_create_is_kept(self) -> None:
        given = {
            "availabilityZoneRebalancing": "DISABLED",
            "deploymentConfiguration": {"maximumPercent": 150, "minimumHealthyPercent": 50},
            "enableECSManagedTags": True,
            "enableExecuteCommand": True,
            "healthCheckGracePeriodSeconds": 30,
            "placementConstraints": [{"type": "distinctInstance"}],
            "placementStrategy": [{"type": "binpack", "field": "memory"}],
        }
        self.create_bridge(**given)
        found = self.described()
        self.assertEqual({key: found[key] for key in given}, given)

    def test_defaults_of_create(self) -> None:
        self.create()
        found = self.described()
        self.assertEqual((found["enableECSManagedTags"], found["enableExecuteCommand"]), (False, False))

    def test_strategy_instead_of_launch_type(self) -> None:
        strategy = [{"capacityProvider": "FARGATE", "weight": 1, "base": 1}]
        self.create(capacityProviderStrategy=strategy)
        self.assertEqual(self.described()["capacityProviderStrategy"], strategy)
        self.assertNotIn("launchType", self.described())
        self.assertEqual(self.described()["deployments"][0]["capacityProviderStrategy"], strategy)

    def test_default_strategy_of_the_cluster(self) -> None:
        default = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
        self.ecs.put_cluster_capacity_providers(
            cluster="c", capacityProviders=["FARGATE_SPOT"], defaultCapacityProviderStrategy=default
        )
        self.assertEqual(self.create(launchType=None)["capacityProviderStrategy"], default)

    def test_update_from_launch_type_to_strategy(self) -> None:
        self.create()
        strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]
        self.ecs.update_service(
            cluster="c", service="s", capacityProviderStrategy=strategy, forceNewDeployment=True
        )
        self.assertEqual(self.described()["capacityProviderStrategy"], strategy)
        self.assertNotIn("launchType", self.described())

    def test_no_network_configuration_is_none(self) -> None:
        self.create_bridge()
        self.assertNotIn("networkConfiguration", self.described())

    def test_security_groups_may_be_left_out(self) -> None:
        self.create()
        self.assertEqual(
            self.described()["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"], []
        )

    def test_update_with_a_family_stores_the_arn(self) -> None:
        self.create()
        second = self.register("fargate", **FARGATE)
        before = self.described()["deployments"][0]["id"]
        self.ecs.update_service(cluster="c", service="s", taskDefinition="fargate")
        found = self.described()
        self.assertEqual(
            (found["taskDefinition"], found["deployments"][0]["taskDefinition"]), (second, second)
        )
        self.assertNotEqual(found["deployments"][0]["id"], before)

    def test_steady_state(self) -> None:
        def counts() -> list[int]:
            found, cluster = self.described(), self.cluster()
            deployment = found["deployments"][0]
            self.assertEqual((len(found["deployments"]), deployment["rolloutState"]), (1, "COMPLETED"))
            return [
                found["runningCount"],
                found["pendingCount"],
                deployment["runningCount"],
                cluster["runningTasksCount"],
                cluster["pendingTasksCount"],
            ]

        self.create()
        self.assertEqual(counts(), [2, 0, 2, 2, 0])
        self.ecs.update_service(cluster="c", service="s", forceNewDeployment=True)
        self.assertEqual(counts(), [2, 0, 2, 2, 0])
        self.ecs.update_service(cluster="c", service="s", desiredCount=5)
        self.assertEqual(counts(), [5, 0, 5, 5, 0])
        self.ecs.get_waiter("services_stable").wait(
            cluster="c", services=["s"], WaiterConfig={"Delay": 1, "MaxAttempts": 1}
        )
        self.ecs.delete_service(cluster="c", service="s", force=True)
        self.assertEqual((self.described()["runningCount"], self.cluster()["runningTasksCount"]), (0, 0))

    def test_rebalancing_is_enabled_where_possible(self) -> None:
        self.assertEqual(self.create()["availabilityZoneRebalancing"], "ENABLED")
        obstacles = (
            {"schedulingStrategy": "DAEMON", "desiredCount": None},
            {"deploymentConfiguration": {"maximumPercent": 100}},
            {"placementStrategy": [{"type": "binpack", "field": "cpu"}]},
            {
                "placementConstraints": [
                    {"type": "memberOf", "expression": "attribute:ecs.availability-zone == a"}
                ]
            },
        )
        for number, obstacle in enumerate(obstacles):
            made = self.create_bridge(serviceName=f"s{number}", **obstacle)
            self.assertEqual(made["availabilityZoneRebalancing"], "DISABLED", obstacle)
            self.refused(
                "InvalidParameterException",
                "rebalancing",
                self.create_bridge,
                serviceName="x",
                availabilityZoneRebalancing="ENABLED",
                **obstacle,
            )

    def test_name_and_idempotency(self) -> None:
        for name in ("a.b", "a b", "a" * 256):
            self.refused("InvalidParameterException", "service name", self.create, serviceName=name)
        self.create()
        self.refused("InvalidParameterException", "Creation of service was not idempotent.", self.create)
        self.ecs.delete_service(cluster="c", service="s", force=True)
        self.create()

    def test_a_deleted_service_takes_no_update(self) -> None:
        self.create()
        self.ecs.delete_service(cluster="c", service="s", force=True)
        self.refused(
            "ServiceNotActiveException",
            "ACTIVE",
            self.ecs.update_service,
            cluster="c",
            service="s",
            desiredCount=1,
        )

    def test_reset_forgets_services(self) -> None:
        self.create()
        test_gaps.reset()
        self.refused("ClusterNotFoundException", "", self.ecs.describe_services, cluster="c", services=["s"])


class RefusedServices(EcsTest):
    def test_launch_type_and_strategy(self) -> None:
        self.refused(
            "InvalidParameterException",
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
            self.create,
            launchType="FARGATE",
            capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
        )

    def test_network_configuration_follows_the_network_mode(self) -> None:
        self.refused(
            "InvalidParameterException",
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
            self.create,
            networkConfiguration=None,
        )
        invalid = "Network Configuration is not valid for the given networkMode of this task definition."
        self.refused(
            "InvalidParameterException", invalid, self.create, taskDefinition=self.bridge, launchType="EC2"
        )
        self.create()
        self.refused(
            "InvalidParameterException",
            invalid,
            self.ecs.update_service,
            cluster="c",
            service="s",
            taskDefinition=self.bridge,
        )

    def test_strategies(self) -> None:
        def strategy(*items: tuple[str, int, int]) -> dict[str, Any]:
            names = ("capacityProvider", "weight", "base")
            return {"capacityProviderStrategy": [dict(zip(names, item)) for item in items]}

        self.ecs.create_capacity_provider(
            name="ec2",
            autoScalingGroupProvider={"autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:1:asg"},
        )
        wrong = (
            ("not associated with the cluster", strategy(("ec2", 1, 0))),
            (
                "only one capacity provider in a strategy can have a base",
                strategy(("FARGATE", 1, 1), ("FARGATE_SPOT", 1, 1)),
            ),
            ("weight greater than zero", strategy(("FARGATE", 0, 0))),
        )
        for part, given in wrong:
            self.refused("InvalidParameterException", part[1:], self.create, **given)
        self.ecs.put_cluster_capacity_providers(
            cluster="c", capacityProviders=["FARGATE", "ec2"], defaultCapacityProviderStrategy=[]
        )
        mix = strategy(("FARGATE", 1, 0), ("ec2", 1, 0))
        self.refused("InvalidParameterException", "cannot contain a mix", self.create, **mix)

    def test_daemon_on_fargate(self) -> None:
        self.refused(
            "InvalidParameterException", "DAEMON", self.create, schedulingStrategy="DAEMON", desiredCount=None
        )

    def test_target_groups(self) -> None:
        elb = aws("elbv2")
        balancer = elb.create_load_balancer(
            Name="b", Subnets=[self.subnet(self.vpc_id, f"10.0.{n}.0/24") for n in (8, 9)]
        )["LoadBalancers"][0]["LoadBalancerArn"]

        def group(kind: str, port: int) -> str:
            arn = elb.create_target_group(
                Name=kind, Protocol="HTTP", Port=80, VpcId=self.vpc_id, TargetType=kind
            )["TargetGroups"][0]["TargetGroupArn"]
            if port:
                forward = [{"Type": "forward", "TargetGroupArn": arn}]
                elb.create_listener(
                    LoadBalancerArn=balancer, Protocol="HTTP", Port=port, DefaultActions=forward
                )
            return arn

        def on(arn: str, container: str = "web", port: int = 80) -> dict[str, Any]:
            return {
                "loadBalancers": [{"targetGroupArn": arn, "containerName": container, "containerPort": port}]
            }

        loose, fitting = group("ip", 0), None
        self.refused(
            "InvalidParameterException", "does not have an associated load balancer", self.create, **on(loose)
        )
        self.refused(
            "InvalidParameterException",
            "incompatible with the awsvpc network mode",
            self.create,
            **on(group("instance", 81)),
        )
        elb.delete_target_group(TargetGroupArn=loose)
        fitting = group("ip", 80)
        for wrong, part in (
            (on(fitting, "nginx"), "nginx does not exist"),
            (on(fitting, "web", 81), "port 81"),
        ):
            self.refused("InvalidParameterException", part, self.create, **wrong)
        self.create(**on(fitting))


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
