"""What AWS refuses about an ECS service and moto takes.

In Terraform all of it passes validate and plan, and fails in the middle of an apply. Where the message is
not known to the letter, the error code is AWS's and the sentence says the rule of the API reference.
"""

from __future__ import annotations

import re
from typing import Any, Optional

from moto.core.utils import camelcase_to_underscores
from moto.ecs.exceptions import ECSException, InvalidParameterException
from moto.elbv2 import elbv2_backends
from moto.servicediscovery import servicediscovery_backends

FARGATE = ("FARGATE", "FARGATE_SPOT")
COMPARED = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "launchType",
    "loadBalancers",
    "networkConfiguration",
    "placementConstraints",
    "placementStrategy",
    "schedulingStrategy",
    "serviceRegistries",
    "taskDefinition",
)


def check_new_service(backend: Any, params: dict[str, Any]) -> None:
    """The checks of CreateService, the service's name first."""
    cluster = backend._get_cluster(params.get("cluster") or "default")
    name = params["serviceName"]
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,255}", name):
        raise InvalidParameterException(
            f"Invalid service name '{name}': up to 255 letters, numbers, underscores and hyphens are allowed."
        )
    existing = backend.services.get(f"{cluster.name}:{name}")
    if existing is not None and existing.status == "ACTIVE":
        raise InvalidParameterException("Creation of service was not idempotent.")
    if params.get("launchType") and params.get("capacityProviderStrategy"):
        raise InvalidParameterException(
            "Specifying both a launch type and capacity provider strategy is not supported. "
            "Remove one and try again."
        )
    check(backend, cluster, params)


def check_updated_service(backend: Any, service: Any, wanted: dict[str, Any]) -> None:
    """The checks of UpdateService, on what the service would become. `wanted` has moto's attribute names."""
    if service.status != "ACTIVE":
        raise ECSException("ServiceNotActiveException", "Service was not ACTIVE.")
    becomes = {}
    for name in COMPARED:
        attribute = camelcase_to_underscores(name)
        given = wanted.get(attribute)
        becomes[name] = getattr(service, attribute, None) if given is None else given
    if wanted.get("capacity_provider_strategy"):
        becomes["launchType"] = None
    check(backend, backend._get_cluster(service.cluster_name), becomes)


def check(backend: Any, cluster: Any, service: dict[str, Any]) -> None:
    check_scheduling(service)
    check_rebalancing(service)
    if service.get("capacityProviderStrategy"):
        check_strategy(cluster, service["capacityProviderStrategy"])
    if not service.get("taskDefinition"):
        return  # A service with an external deployment controller has task sets instead.
    task = backend.describe_task_definition(service["taskDefinition"])
    check_network(task, service)
    for load_balancer in service.get("loadBalancers") or []:
        check_load_balancer(backend, task, load_balancer)
    for registry in service.get("serviceRegistries") or []:
        check_registry(backend, task, registry)


def check_scheduling(service: dict[str, Any]) -> None:
    providers = [item["capacityProvider"] for item in service.get("capacityProviderStrategy") or []]
    on_fargate = service.get("launchType") == "FARGATE" or any(name in FARGATE for name in providers)
    if service.get("schedulingStrategy") == "DAEMON" and on_fargate:
        raise InvalidParameterException(
            "Tasks using the Fargate launch type don't support the DAEMON scheduling strategy."
        )


def obstacle_to_rebalancing(service: dict[str, Any]) -> Optional[str]:
    """Why ECS cannot keep the service balanced over Availability Zones, if it cannot."""
    strategies = service.get("placementStrategy") or []
    first = strategies[0] if strategies else {"type": "spread", "field": "attribute:ecs.availability-zone"}
    maximum = (service.get("deploymentConfiguration") or {}).get("maximumPercent")
    if service.get("schedulingStrategy") == "DAEMON":
        return "the DAEMON scheduling strategy"
    if service.get("launchType") == "EXTERNAL":
        return "the EXTERNAL launch type"
    if maximum is not None and int(maximum) <= 100:
        return "a maximumPercent of 100 or less"
    if any(item.get("loadBalancerName") for item in service.get("loadBalancers") or []):
        return "a Classic Load Balancer"
    constraints = [item.get("expression") or "" for item in service.get("placementConstraints") or []]
    if any("attribute:ecs.availability-zone" in expression for expression in constraints):
        return "a placement constraint on attribute:ecs.availability-zone"
    if (first["type"], first.get("field")) != ("spread", "attribute:ecs.availability-zone"):
        return "a first placement strategy other than the spread over attribute:ecs.availability-zone"
    return None


def check_rebalancing(service: dict[str, Any]) -> None:
    """ENABLED is refused beside a setting that makes it impossible. moto takes the pair."""
    obstacle = obstacle_to_rebalancing(service)
    if service.get("availabilityZoneRebalancing") == "ENABLED" and obstacle:
        raise InvalidParameterException(f"Availability Zone rebalancing is not supported with {obstacle}.")


def check_strategy(cluster: Any, strategy: list[dict[str, Any]]) -> None:
    """A strategy has providers of the cluster, one base, a weight above 0, and no mix of Fargate and others."""
    names = [item["capacityProvider"].split("/")[-1] for item in strategy]
    for name in names:
        if name not in [known.split("/")[-1] for known in cluster.capacity_providers or []]:
            raise InvalidParameterException(
                "The specified capacity provider strategy contains a capacity provider that is not associated "
                f"with the cluster. Associate '{name}' with the cluster '{cluster.name}' and try again."
            )
    if len({name in FARGATE for name in names}) > 1:
        raise InvalidParameterException(
            "A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups "
            "and Fargate providers. Specify one or the other and try again."
        )
    if len([item for item in strategy if item.get("base")]) > 1:
        raise InvalidParameterException("Only one capacity provider in a strategy can have a base defined.")
    if not any(item.get("weight") for item in strategy):
        raise InvalidParameterException(
            "At least one capacity provider must have a weight greater than zero."
        )


def check_network(task: Any, service: dict[str, Any]) -> None:
    """awsvpc needs a network configuration, the other modes must not have one. moto takes both."""
    given = bool((service.get("networkConfiguration") or {}).get("awsvpcConfiguration"))
    if task.network_mode == "awsvpc" and not given:
        raise InvalidParameterException(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        )
    if task.network_mode != "awsvpc" and given:
        raise InvalidParameterException(
            "Network Configuration is not valid for the given networkMode of this task definition."
        )


def check_container(task: Any, name: str, port: Optional[int]) -> None:
    """A service may only name containers and ports of its task definition."""
    container = next((item for item in task.container_definitions if item.get("name") == name), None)
    if container is None:
        raise InvalidParameterException(f"The container {name} does not exist in the task definition.")
    if port is not None and int(port) not in [
        item.get("containerPort") for item in container["portMappings"]
    ]:
        raise InvalidParameterException(f"The container {name} did not have a container port {port} defined.")


def check_load_balancer(backend: Any, task: Any, load_balancer: dict[str, Any]) -> None:
    """The target group must hang on a listener and fit the network mode. moto looks at neither."""
    check_container(task, load_balancer["containerName"], load_balancer.get("containerPort"))
    arn = load_balancer.get("targetGroupArn")
    if not arn:
        return
    group = elbv2_backends[backend.account_id][backend.region_name].target_groups.get(arn)
    if group is None or not group.load_balancer_arns:
        raise InvalidParameterException(
            f"The target group with targetGroupArn {arn} does not have an associated load balancer."
        )
    if group.target_type != ("ip" if task.network_mode == "awsvpc" else "instance"):
        raise InvalidParameterException(
            f"The provided target group {arn} has target type {group.target_type}, which is incompatible with "
            f"the {task.network_mode} network mode specified in the task definition."
        )


def check_registry(backend: Any, task: Any, registry: dict[str, Any]) -> None:
    """The port rules of serviceRegistries: they follow from the network mode and the record types.

    moto stores whatever comes, so a stack that AWS refuses was applied.
    """
    arn = registry.get("registryArn", "")
    if not re.fullmatch(r"arn:[\w-]+:servicediscovery:[\w-]+:\d{12}:service/srv-\w+", arn):
        raise InvalidParameterException("The format of the supplied service registry ARN is invalid.")
    known = servicediscovery_backends[backend.account_id][backend.region_name].services
    service = known.get(arn.split("/")[-1])
    if service is None:
        raise InvalidParameterException(
            f"The service registry {arn} could not be validated: ServiceNotFound."
        )
    records = {record["Type"] for record in (service.dns_config or {}).get("DnsRecords", [])}
    if registry.get("containerName"):
        check_container(task, registry["containerName"], registry.get("containerPort"))
    if task.network_mode == "awsvpc":
        check_registry_of_awsvpc(records, registry)
    else:
        check_registry_of_bridge(records, registry)


def check_registry_of_awsvpc(records: set[str], registry: dict[str, Any]) -> None:
    given = [name for name in ("containerPort", "containerName", "port") if registry.get(name)]
    if "SRV" not in records and given:
        raise InvalidParameterException(
            f"The values specified for serviceRegistries do not require a value for '{given[0]}'. "
            "Remove the value and retry."
        )
    if "SRV" in records and set(given) not in ({"port"}, {"containerName", "containerPort"}):
        raise InvalidParameterException(
            "Specify a value for either 'port' or the 'containerName' and 'containerPort' combination, but not both"
        )


def check_registry_of_bridge(records: set[str], registry: dict[str, Any]) -> None:
    """Two tasks on one host would register one address twice: with bridge and host only SRV is possible."""
    for record in sorted(records - {"SRV"}):
        raise InvalidParameterException(
            f"serviceRegistries value is configured to use a type '{record}' DNS record, "
            "which is not supported when specifying 'host' or 'bridge' for networkMode."
        )
    if not (registry.get("containerName") and registry.get("containerPort")):
        raise InvalidParameterException(
            "When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and "
            "'containerPort' must be specified from the task definition."
        )
