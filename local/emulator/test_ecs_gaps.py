"""The gaps of ECS services."""

from __future__ import annotations

import unittest
from typing import Any

from ecs_test import EcsTest, FARGATE
from gap_test import aws, reset, setUpModule, tearDownModule


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

    def test_update_of_the_circuit_breaker_keeps_the_percentages(self) -> None:
        self.create(deploymentConfiguration={"maximumPercent": 150, "minimumHealthyPercent": 50})
        breaker = {"enable": True, "rollback": True}
        self.ecs.update_service(
            cluster="c", service="s", deploymentConfiguration={"deploymentCircuitBreaker": breaker}
        )
        configuration = self.described()["deploymentConfiguration"]
        self.assertEqual(configuration["deploymentCircuitBreaker"], breaker)
        self.assertEqual(configuration["maximumPercent"], 150)
        self.assertEqual(configuration["minimumHealthyPercent"], 50)

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

    def test_a_request_with_the_same_client_token_is_answered_with_the_service_that_it_made(self) -> None:
        made = self.create(clientToken="one")
        self.assertEqual(self.create(clientToken="one"), made)
        self.assertEqual(len(self.ecs.list_services(cluster="c")["serviceArns"]), 1)
        self.refused("InvalidParameterException", "not idempotent", self.create, clientToken="two")
        self.ecs.delete_service(cluster="c", service="s", force=True)
        self.assertEqual(self.create(clientToken="one")["status"], "ACTIVE")

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
        reset()
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
        self.refused(
            "InvalidParameterException",
            "incompatible with the bridge network mode",
            self.create_bridge,
            **on(fitting),
        )
        for wrong, part in (
            (on(fitting, "nginx"), "nginx does not exist"),
            (on(fitting, "web", 81), "port 81"),
        ):
            self.refused("InvalidParameterException", part, self.create, **wrong)
        self.create(**on(fitting))


if __name__ == "__main__":
    unittest.main()
