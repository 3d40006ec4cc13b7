"""Cloud Map services."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Optional

from moto.core.exceptions import JsonRESTError
from moto.servicediscovery import models
from moto.servicediscovery.exceptions import InvalidInput, NamespaceNotFound, ServiceNotFound

from .cloud_map import ResourceInUse, check_name
from .patching import around

# The pattern is that of the API model.
LABEL = r"([a-zA-Z0-9_][a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9])"
SERVICE_NAME = rf"(?=.{{1,127}}$){LABEL}(\.{LABEL})*"
RECORD_TYPES = ("A", "AAAA", "CNAME", "SRV")


class ServiceAlreadyExists(JsonRESTError):
    def __init__(self, name: str) -> None:
        super().__init__(
            "ServiceAlreadyExists", f"A service with the name {name} already exists in the namespace."
        )


def check_records(records: list[dict[str, Any]], routing_policy: Optional[str]) -> None:
    """Record types and TTLs as the API reference has them. A with SRV is allowed: ECS uses that pair."""
    types = [record.get("Type") for record in records]
    for record in records:
        if record.get("Type") not in RECORD_TYPES:
            raise InvalidInput(f"Invalid DNS record type '{record.get('Type')}'.")
        if not 0 <= int(record.get("TTL", -1)) <= 2147483647:
            raise InvalidInput(f"Invalid TTL {record.get('TTL')}: it must be between 0 and 2147483647.")
    if len(types) != len(set(types)):
        raise InvalidInput("A DNS record type may be given once only.")
    if "CNAME" in types and len(types) > 1:
        raise InvalidInput("A CNAME record cannot be combined with other record types.")
    if "CNAME" in types and routing_policy != "WEIGHTED":
        raise InvalidInput("A CNAME record needs the routing policy WEIGHTED.")


def check_health(
    private: bool, records: list[dict[str, Any]], check: Optional[Any], custom: Optional[Any]
) -> None:
    if check is not None and custom is not None:
        raise InvalidInput("Specify either HealthCheckConfig or HealthCheckCustomConfig, not both.")
    if check is not None and private:
        raise InvalidInput("HealthCheckConfig is not available in a private DNS namespace.")
    if check is not None and any(record["Type"] == "CNAME" for record in records):
        raise InvalidInput("HealthCheckConfig cannot be combined with a CNAME record.")
    for given in (check, custom):
        if given is not None and not 1 <= int(given.get("FailureThreshold", 1)) <= 10:
            raise InvalidInput("FailureThreshold must be between 1 and 10.")


def create_service(
    original: Callable[..., Any],
    self: Any,
    name: str,
    namespace_id: Optional[str],
    creator_request_id: str,
    description: str,
    dns_config: Optional[dict[str, Any]],
    health_check_config: Optional[dict[str, Any]],
    health_check_custom_config: Optional[dict[str, Any]],
    tags: list[dict[str, str]],
    service_type: Optional[str],
) -> Any:
    """AWS checks all of this; moto stores what comes, so a stack that AWS refuses was applied.

    AWS also fills in what the request leaves out: the namespace of the service, which DiscoverInstances
    needs, its type, and the only failure threshold there is. moto echoes failure_threshold = 5, so a stack
    that AWS would replace at every apply looked clean.
    """
    namespace_id = namespace_id or (dns_config or {}).get("NamespaceId")
    if namespace_id not in self.namespaces:
        raise NamespaceNotFound(str(namespace_id))
    namespace = self.namespaces[namespace_id]
    records = (dns_config or {}).get("DnsRecords", [])
    check_name(name, rf"({SERVICE_NAME})|\.", 127)
    check_records(records, (dns_config or {}).get("RoutingPolicy"))
    check_health(namespace.type == "DNS_PRIVATE", records, health_check_config, health_check_custom_config)
    refuse_second_service(self, namespace, name)
    if health_check_custom_config is not None:
        health_check_custom_config = {"FailureThreshold": 1}
    kind = "HTTP" if service_type == "HTTP" or namespace.type == "HTTP" else "DNS_HTTP"
    return original(
        self,
        name=name,
        namespace_id=namespace_id,
        creator_request_id=creator_request_id,
        description=description,
        dns_config=dns_config,
        health_check_config=health_check_config,
        health_check_custom_config=health_check_custom_config,
        tags=tags,
        service_type=kind,
    )


def refuse_second_service(backend: Any, namespace: Any, name: str) -> None:
    """Names are unique in a namespace, in one with DNS ignoring case: DNS has none."""
    for service in backend.services.values():
        same = service.name == name
        if namespace.type != "HTTP":
            same = service.name.lower() == name.lower()
        if same and service.namespace_id == namespace.id:
            raise ServiceAlreadyExists(name)


def update_service(original: Callable[..., str], self: Any, service_id: str, details: dict[str, Any]) -> str:
    """A TTL may change, within its range; the record types may not. moto takes both."""
    service = self.get_service(service_id)
    records = (details.get("DnsConfig") or {}).get("DnsRecords")
    if records is not None:
        before = service.dns_config or {}
        check_records(records, before.get("RoutingPolicy"))
        if sorted(record_types(records)) != sorted(record_types(before.get("DnsRecords", []))):
            raise InvalidInput("The record types of a service cannot be changed.")
    return original(self, service_id, details)


def record_types(records: Iterable[dict[str, Any]]) -> list[str]:
    return [record["Type"] for record in records]


def delete_service(original: Callable[..., None], self: Any, service_id: str) -> None:
    """AWS keeps a service that has instances: `force_destroy = false` must fail. In moto it went through."""
    if service_id not in self.services:
        raise ServiceNotFound(service_id)
    if self.services[service_id].instances:
        raise ResourceInUse(
            "Service contains registered instances; delete the instances before deleting the service"
        )
    original(self, service_id)


def close() -> None:
    backend = models.ServiceDiscoveryBackend
    around(backend, "create_service", create_service)
    around(backend, "update_service", update_service)
    around(backend, "delete_service", delete_service)
