"""Cloud Map instances, and the filters of its lists."""

from __future__ import annotations

import json
from typing import Any, Callable, Optional

from moto.servicediscovery import models, responses
from moto.servicediscovery.exceptions import InvalidInput

from .patching import around

# What a record type needs to know about an instance.
NEEDED = {
    "A": ("AWS_INSTANCE_IPV4",),
    "AAAA": ("AWS_INSTANCE_IPV6",),
    "CNAME": ("AWS_INSTANCE_CNAME",),
    "SRV": ("AWS_INSTANCE_PORT",),
}


def register_instance(
    original: Callable[..., str],
    self: Any,
    service_id: str,
    instance_id: str,
    creator_request_id: Optional[str],
    attributes: Optional[dict[str, str]],
) -> str:
    """AWS asks for the attributes that the service's records need, and overwrites an instance of the same id.

    moto takes an instance without an address, knows no AWS_INIT_HEALTH_STATUS, and lists an instance twice
    that was registered twice: after one DeregisterInstance it was still there.
    """
    service, given = self.get_service(service_id), attributes or {}
    records = [record["Type"] for record in (service.dns_config or {}).get("DnsRecords", [])]
    if "AWS_ALIAS_DNS_NAME" not in given:
        for record in records:
            for name in NEEDED[record]:
                if name not in given:
                    raise InvalidInput(
                        f"The attribute {name} is required: the service has a record of type {record}."
                    )
        if "SRV" in records and not ("AWS_INSTANCE_IPV4" in given or "AWS_INSTANCE_IPV6" in given):
            raise InvalidInput(
                "The service has an SRV record: AWS_INSTANCE_IPV4 or AWS_INSTANCE_IPV6 is required."
            )
    service.instances = [known for known in service.instances if known.instance_id != instance_id]
    operation = original(self, service_id, instance_id, creator_request_id, attributes)
    if service.health_check_custom_config is not None:
        service.instances[-1].health_status = given.get("AWS_INIT_HEALTH_STATUS", "HEALTHY")
    return operation


def keep(
    rows: list[dict[str, Any]], filters: list[dict[str, Any]], fields: dict[str, str]
) -> list[dict[str, Any]]:
    for given in filters:
        field = fields.get(given["Name"])
        if field is None:
            continue
        starts = given.get("Condition") == "BEGINS_WITH"
        rows = [
            row
            for row in rows
            if any(
                str(row[field]).startswith(value) if starts else row[field] == value
                for value in given["Values"]
            )
        ]
    return rows


def list_namespaces(original: Callable[..., Any], self: Any) -> Any:
    """AWS filters by type and name; moto lists all.

    `data.aws_service_discovery_dns_namespace` could find an HTTP namespace of the same name.
    """
    filters = json.loads(self.body or "{}").get("Filters") or []
    rows = [namespace.to_json() for namespace in self.servicediscovery_backend.list_namespaces()]
    return 200, {}, json.dumps({"Namespaces": keep(rows, filters, {"TYPE": "Type", "NAME": "Name"})})


def list_services(original: Callable[..., Any], self: Any) -> Any:
    """AWS filters by namespace; moto lists all.

    `data.aws_service_discovery_service` could find the service of that name in another namespace.
    """
    filters = json.loads(self.body or "{}").get("Filters") or []
    rows = [service.to_json() for service in self.servicediscovery_backend.list_services()]
    return json.dumps({"Services": keep(rows, filters, {"NAMESPACE_ID": "NamespaceId"})})


def close() -> None:
    around(models.ServiceDiscoveryBackend, "register_instance", register_instance)
    around(responses.ServiceDiscoveryResponse, "list_namespaces", list_namespaces)
    around(responses.ServiceDiscoveryResponse, "list_services", list_services)
