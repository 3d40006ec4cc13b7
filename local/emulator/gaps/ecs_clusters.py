"""ECS clusters and their capacity providers."""

from __future__ import annotations

import re
from typing import Any, Callable, Optional

from moto.autoscaling import autoscaling_backends
from moto.ecs import models
from moto.ecs.exceptions import ECSException, InvalidParameterException

from .ecs_checks import FARGATE
from .patching import around


def active_services(backend: Any, cluster: Any) -> list[Any]:
    return [
        service
        for service in backend.services.values()
        if service.cluster_name == cluster.name and service.status == "ACTIVE"
    ]


def delete_cluster(original: Callable[..., Any], self: Any, cluster_str: str) -> Any:
    """AWS keeps a cluster while it has services; moto lets it go and leaves the services behind."""
    if active_services(self, self._get_cluster(cluster_str)):
        raise ECSException(
            "ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active."
        )
    return original(self, cluster_str)


def create_capacity_provider(
    original: Callable[..., Any], self: Any, name: str, asg_provider: dict[str, Any], *args: Any, **kwargs: Any
) -> Any:
    """AWS keeps some names for itself, and protects instances only where the group does too; moto takes all."""
    if not re.fullmatch(r"(?!aws|ecs|fargate)[A-Za-z0-9_-]{1,255}", name, re.IGNORECASE):
        raise InvalidParameterException(
            "The specified capacity provider name is invalid. Up to 255 characters are allowed, including letters, "
            "numbers, underscores and hyphens, and the name can't be prefixed with aws, ecs or fargate."
        )
    if asg_provider.get("managedTerminationProtection") == "ENABLED":
        check_protection(self, asg_provider)
    return original(self, name, asg_provider, *args, **kwargs)


def check_protection(backend: Any, asg_provider: dict[str, Any]) -> None:
    if (asg_provider.get("managedScaling") or {}).get("status") != "ENABLED":
        raise InvalidParameterException("Managed termination protection needs managed scaling to be enabled.")
    groups = autoscaling_backends[backend.account_id][backend.region_name].autoscaling_groups
    arn = asg_provider["autoScalingGroupArn"]
    group = next((group for name, group in groups.items() if arn in (name, group.arn)), None)
    if group is not None and not group.new_instances_protected_from_scale_in:
        raise InvalidParameterException(
            "The managed termination protection setting for the capacity provider is invalid. To enable managed "
            "termination protection for a capacity provider, the Auto Scaling group must have instance protection "
            "from scale in enabled."
        )


def put_cluster_capacity_providers(
    original: Callable[..., Any],
    self: Any,
    cluster_name: str,
    capacity_providers: Optional[list[str]],
    default_capacity_provider_strategy: Optional[list[dict[str, Any]]],
) -> Any:
    """AWS knows which providers exist and which are in use; moto takes any list of names.

    A missing `depends_on` between a service and the association showed up on AWS only.
    """
    names = [name.split("/")[-1] for name in capacity_providers or []]
    for name in names:
        if name not in FARGATE and self._get_provider(name) is None:
            raise InvalidParameterException(
                f"The specified capacity provider '{name}' was not found. Specify a valid name or ARN and try again."
            )
    for item in default_capacity_provider_strategy or []:
        if item["capacityProvider"].split("/")[-1] not in names:
            raise InvalidParameterException(
                "The specified default capacity provider strategy contains a capacity provider that is not "
                "associated with the cluster."
            )
    for service in active_services(self, self._get_cluster(cluster_name)):
        for item in getattr(service, "capacity_provider_strategy", None) or []:
            if item["capacityProvider"].split("/")[-1] not in names:
                raise ECSException(
                    "ResourceInUseException",
                    f"The specified capacity provider is in use and cannot be removed: "
                    f"'{item['capacityProvider']}' by the service '{service.name}'.",
                )
    return original(self, cluster_name, capacity_providers, default_capacity_provider_strategy)


def close() -> None:
    around(models.EC2ContainerServiceBackend, "delete_cluster", delete_cluster)
    around(models.EC2ContainerServiceBackend, "create_capacity_provider", create_capacity_provider)
    around(
        models.EC2ContainerServiceBackend, "put_cluster_capacity_providers", put_cluster_capacity_providers
    )
