"""What the tests of the ECS gaps have in common: a cluster, and one task definition of each kind."""

from __future__ import annotations

from typing import Any

from gap_test import GapTest, aws

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
