"""ECS services: what they remember, and that they reach the state they were asked for."""

from __future__ import annotations

from typing import Any, Callable, Optional

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores, utcnow
from moto.ecs import models, responses
from moto.moto_api._internal import mock_random

from .ecs_checks import check_new_service, check_updated_service, obstacle_to_rebalancing
from .patching import around

# Parameters of CreateService that moto does not store. UpdateService stores them all, under these names.
FORGOTTEN = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "placementConstraints",
    "placementStrategy",
    "serviceConnectConfiguration",
    "volumeConfigurations",
    "vpcLatticeConfigurations",
)


def create_service(original: Callable[..., Any], self: Any) -> Any:
    """AWS stores every parameter of CreateService. moto drops the ones above.

    Each of them was a change in the next plan, and capacity_provider_strategy a replacement, for ever.
    """
    params = self._get_params()
    made = made_before(self.ecs_backend, params)
    if made:
        return ActionResult({"service": made})
    if not params.get("launchType") and not params.get("capacityProviderStrategy"):
        # Without either, AWS takes the cluster's default strategy and returns it as the service's own.
        cluster = self.ecs_backend._get_cluster(params.get("cluster") or "default")
        params["capacityProviderStrategy"] = cluster.default_capacity_provider_strategy
    check_new_service(self.ecs_backend, params)
    answer = original(self)
    service = answer.result["service"]
    service.client_token = params.get("clientToken")
    service.enable_ecs_managed_tags = False
    service.enable_execute_command = False
    for name in FORGOTTEN:
        if params.get(name) is not None:
            setattr(service, camelcase_to_underscores(name), params[name])
    if not params.get("availabilityZoneRebalancing"):
        # Since September 2025 the default of a new service is ENABLED, where the service allows it.
        default = "DISABLED" if obstacle_to_rebalancing(params) else "ENABLED"
        service.availability_zone_rebalancing = default
    forget_launch_type(service)
    return answer


def made_before(backend: Any, params: dict[str, Any]) -> Optional[Any]:
    """The service that a request with the same client token made: AWS answers a repeated one with it.

    The provider sends a token, and its SDK repeats a request whose answer is lost.
    """
    cluster = backend._get_cluster(params.get("cluster") or "default")
    existing = backend.services.get(f"{cluster.name}:{params['serviceName']}")
    token = params.get("clientToken")
    if existing is None or token is None or existing.status != "ACTIVE":
        return None
    return existing if getattr(existing, "client_token", None) == token else None


def forget_launch_type(service: Any) -> None:
    """A service with a capacity provider strategy has no launch type on AWS. moto says EC2."""
    strategy = getattr(service, "capacity_provider_strategy", None)
    if not strategy:
        return
    service.launch_type = None
    for deployment in service.deployments:
        deployment["launchType"] = None
        deployment["capacityProviderStrategy"] = strategy


def new_service(original: Callable[..., None], self: Any, *args: Any, **kwargs: Any) -> None:
    """A service without a network configuration has none on AWS; moto returns an empty one.

    The provider's flattenNetworkConfiguration panics on that and takes the whole apply down.
    """
    original(self, *args, **kwargs)
    if self.network_configuration == {}:
        self.network_configuration = None


def validate_network(original: Callable[..., Any], self: Any, network_configuration: dict[str, Any]) -> Any:
    """Security groups may be left out on AWS (the VPC's default group is used); moto ends with a KeyError."""
    network_configuration["awsvpcConfiguration"].setdefault("securityGroups", [])
    return original(self, network_configuration)


def create_in_backend(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    """AWS starts the tasks that were asked for; in moto they stay pending.

    `wait_for_steady_state` hung until its timeout. MOTO_ECS_SERVICE_RUNNING is one number for all services;
    here each service follows its own desired count.
    """
    service = original(self, *args, **kwargs)
    settle(self, service)
    return service


def update_in_backend(original: Callable[..., Any], self: Any, wanted: dict[str, Any]) -> Any:
    """AWS turns a family into the ARN of its newest revision, and refuses what it refuses on create.

    moto stores the family as it came, which makes the provider panic on every later refresh, and loses the
    running tasks of a service whose desired count was not part of the update.
    """
    cluster = self._get_cluster(wanted.get("cluster", "default"))
    service = self._get_service(cluster.name, wanted["service"].split("/")[-1])
    check_updated_service(self, service, wanted)
    if wanted.get("deployment_configuration"):
        # what an update does not name stays: the provider names the circuit breaker alone where only that changes
        known = getattr(service, "deployment_configuration", None) or {}
        wanted["deployment_configuration"] = {**known, **wanted["deployment_configuration"]}
    redeploy = bool(wanted.get("force_new_deployment"))
    if wanted.get("task_definition"):
        wanted["task_definition"] = self.describe_task_definition(wanted["task_definition"]).arn
        redeploy = redeploy or wanted["task_definition"] != service.task_definition
    original(self, wanted)
    forget_launch_type(service)
    if redeploy:
        start_deployment(service)
    settle(self, service)
    return service


def start_deployment(service: Any) -> None:
    """A new deployment takes the place of the old one, which a steady service no longer lists."""
    for deployment in service.deployments:
        deployment["id"] = f"ecs-svc/{mock_random.randint(10**18, 10**19 - 1)}"
        deployment["createdAt"] = utcnow()
        deployment["taskDefinition"] = service.task_definition
        deployment["networkConfiguration"] = service.network_configuration


def settle(backend: Any, service: Any) -> None:
    """Brings a service to its steady state: all tasks run, one deployment, and that completed."""
    service.running_count = service.desired_count
    service.pending_count = 0
    for deployment in service.deployments:
        deployment.update(
            desiredCount=service.desired_count,
            runningCount=service.desired_count,
            pendingCount=0,
            rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {deployment['id']} completed.",
            updatedAt=utcnow(),
        )
    count_tasks(backend, service.cluster_name)


def count_tasks(backend: Any, cluster_name: str) -> None:
    """The cluster's counts, from its services and the tasks that were run by hand."""
    services = [service for service in backend.services.values() if service.cluster_name == cluster_name]
    by_hand = [
        task for task in backend.tasks.get(cluster_name, {}).values() if task.desired_status == "RUNNING"
    ]
    cluster = backend.clusters[cluster_name]
    cluster.running_tasks_count = sum(service.running_count for service in services) + len(by_hand)
    cluster.pending_tasks_count = sum(service.pending_count for service in services)


def delete_in_backend(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    """A deleted service runs nothing any more; in moto its running count stayed."""
    service = original(self, *args, **kwargs)
    service.running_count = 0
    count_tasks(self, service.cluster_name)
    return service


def close() -> None:
    around(responses.EC2ContainerServiceResponse, "create_service", create_service)
    around(models.Service, "__init__", new_service)
    around(models.Service, "_validate_network", validate_network)
    around(models.EC2ContainerServiceBackend, "create_service", create_in_backend)
    around(models.EC2ContainerServiceBackend, "update_service", update_in_backend)
    around(models.EC2ContainerServiceBackend, "delete_service", delete_in_backend)
