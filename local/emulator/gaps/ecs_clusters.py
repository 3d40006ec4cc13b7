"""ECS clusters and their capacity providers."""

from __future__ import annotations

from typing import Any, Callable, Optional

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
    around(
        models.EC2ContainerServiceBackend, "put_cluster_capacity_providers", put_cluster_capacity_providers
    )
