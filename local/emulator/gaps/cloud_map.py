"""Cloud Map namespaces."""

from __future__ import annotations

import re
from typing import Any, Callable, Optional

from moto.core.exceptions import JsonRESTError
from moto.moto_api._internal import mock_random
from moto.route53 import route53_backends
from moto.servicediscovery import models
from moto.servicediscovery.exceptions import InvalidInput
from moto.utilities.utils import get_partition

from . import route53
from .patching import around

# The patterns are those of the API model.
PRIVATE_NAME = r"(?!arn:)[!-~]{1,253}"
HTTP_NAME = r"(?!arn:)[!-~]{1,1024}"
PUBLIC_NAME = r"([a-zA-Z0-9]([a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?"


class ResourceInUse(JsonRESTError):
    def __init__(self, message: str) -> None:
        super().__init__("ResourceInUse", message)


class NamespaceAlreadyExists(JsonRESTError):
    def __init__(self, name: str) -> None:
        super().__init__("NamespaceAlreadyExists", f"A namespace with the name {name} already exists.")


def check_name(name: str, pattern: str, limit: int) -> None:
    if len(name or "") > limit or not re.fullmatch(pattern, name or ""):
        raise InvalidInput(
            f"Invalid name '{name}': it must match the pattern {pattern} and have at most {limit} characters."
        )


def create_http_namespace(
    original: Callable[..., str], self: Any, name: str, *args: Any, **kwargs: Any
) -> str:
    """AWS checks the name, and has one HTTP namespace of a name per account and region. moto takes all."""
    check_name(name, HTTP_NAME, 1024)
    if any(namespace.type == "HTTP" and namespace.name == name for namespace in self.namespaces.values()):
        raise NamespaceAlreadyExists(name)
    return original(self, name, *args, **kwargs)


def create_private_dns_namespace(
    original: Callable[..., str],
    self: Any,
    name: str,
    creator_request_id: str,
    description: str,
    vpc: str,
    tags: list[dict[str, str]],
    properties: Optional[dict[str, Any]],
) -> str:
    """A VPC may have many private namespaces on AWS, each of another name. In moto it may have one.

    The conflict is found by Route 53, so on AWS it comes with the operation, not with the call.
    """
    check_name(name, PRIVATE_NAME, 253)
    zones = route53_backends[self.account_id][get_partition(self.region_name)]
    try:
        route53.refuse_second_zone(zones, name, vpc, self.region_name)
    except route53.ConflictingDomainExists as conflict:
        return failed_operation(self, f"{conflict.message} (Route 53: {conflict.code})")
    return create_namespace(self, "DNS_PRIVATE", name, creator_request_id, description, vpc, tags, properties)


def create_public_dns_namespace(
    original: Callable[..., str],
    self: Any,
    name: str,
    creator_request_id: str,
    description: str,
    tags: list[dict[str, str]],
    properties: Optional[dict[str, Any]],
) -> str:
    """The same as above: the name's pattern, and a zone with the namespace's name."""
    check_name(name, PUBLIC_NAME, 253)
    return create_namespace(self, "DNS_PUBLIC", name, creator_request_id, description, None, tags, properties)


def create_namespace(
    backend: Any,
    kind: str,
    name: str,
    creator_request_id: str,
    description: str,
    vpc: Optional[str],
    tags: list[dict[str, str]],
    properties: Optional[dict[str, Any]],
) -> str:
    """Makes the namespace and its zone. moto calls the zone `<name>-hz` and leaves the VPC out."""
    namespace = models.Namespace(
        account_id=backend.account_id,
        region=backend.region_name,
        name=name,
        ns_type=kind,
        creator_request_id=creator_request_id,
        description=description,
        dns_properties=dict((properties or {}).get("DnsProperties", {})),
        http_properties={"HttpName": name},
        vpc=vpc,
    )
    zone = route53_backends[backend.account_id][get_partition(backend.region_name)].create_hosted_zone(
        f"{name}.",
        private_zone=vpc is not None,
        vpcid=vpc,
        vpcregion=backend.region_name if vpc else None,
        comment=f"Created by AWS Cloud Map namespace with ARN {namespace.arn}",
    )
    namespace.dns_properties["HostedZoneId"] = zone.resource_id
    backend.namespaces[namespace.id] = namespace
    if tags:
        backend.tagger.tag_resource(namespace.arn, tags)
    return backend._create_operation("CREATE_NAMESPACE", targets={"NAMESPACE": namespace.id})


def failed_operation(backend: Any, message: str) -> str:
    operation_id = backend._create_operation(
        "CREATE_NAMESPACE", targets={"NAMESPACE": f"ns-{mock_random.get_random_hex(16)}"}
    )
    operation = backend.operations[operation_id]
    operation.status = "FAIL"
    operation.error = {"ErrorCode": "CANNOT_CREATE_HOSTED_ZONE", "ErrorMessage": message}
    return operation_id


def describe_operation(
    original: Callable[..., dict[str, Any]], self: Any, short: bool = False
) -> dict[str, Any]:
    """GetOperation tells why an operation failed."""
    return {**original(self, short), **({} if short else getattr(self, "error", {}))}


def update_dns_namespace(
    original: Callable[..., str], self: Any, _id: str, description: str, properties: Optional[dict[str, Any]]
) -> str:
    """A change of the SOA keeps the zone's id on AWS; moto writes the new properties over it."""
    if properties is not None:
        properties = {**self.get_namespace(_id).dns_properties, **properties}
    return original(self, _id, description, properties)


def delete_namespace(original: Callable[..., str], self: Any, namespace_id: str) -> str:
    """AWS keeps a namespace that has services, and deletes the zone with the namespace. moto does neither."""
    namespace = self.get_namespace(namespace_id)
    if any(service.namespace_id == namespace_id for service in self.services.values()):
        raise ResourceInUse(
            "Namespace has associated services; delete the services before deleting the namespace"
        )
    zones = route53_backends[self.account_id][get_partition(self.region_name)].zones
    zones.pop((namespace.dns_properties or {}).get("HostedZoneId"), None)
    return original(self, namespace_id)


def close() -> None:
    backend = models.ServiceDiscoveryBackend
    around(backend, "create_http_namespace", create_http_namespace)
    around(backend, "create_private_dns_namespace", create_private_dns_namespace)
    around(backend, "create_public_dns_namespace", create_public_dns_namespace)
    around(models.Operation, "to_json", describe_operation)
    around(backend, "update_private_dns_namespace", update_dns_namespace)
    around(backend, "update_public_dns_namespace", update_dns_namespace)
    around(backend, "delete_namespace", delete_namespace)
