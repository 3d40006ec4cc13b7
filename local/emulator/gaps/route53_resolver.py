"""Route 53 Resolver: the tags and the end of a query log."""

from __future__ import annotations

import json
from typing import Any, Callable

from moto.route53resolver import exceptions, models, responses

from .patching import add_call, around


class InvalidRequestException(exceptions.JsonRESTError):
    def __init__(self, message: str) -> None:
        super().__init__("InvalidRequestException", message)


def matched_arn(original: Callable[..., None], self: Any, resource_arn: str) -> None:
    """A query log config has tags too. moto knows those of endpoints and rules only: every apply failed."""
    if not any(config.arn == resource_arn for config in self.resolver_query_log_configs.values()):
        original(self, resource_arn)


def disassociate(self: Any) -> str:
    """DisassociateResolverQueryLogConfig, which moto lacks: `terraform destroy` failed with 404."""
    config_id = self._get_param("ResolverQueryLogConfigId")
    resource_id = self._get_param("ResourceId")
    backend = self.route53resolver_backend
    config = backend.get_resolver_query_log_config(config_id)
    for association in backend.resolver_query_log_config_associations.values():
        if (association.resolver_query_log_config_id, association.resource_id) == (config_id, resource_id):
            break
    else:
        raise exceptions.ResourceNotFoundException(
            f"Resolver query log config '{config_id}' is not associated with '{resource_id}'"
        )
    del backend.resolver_query_log_config_associations[association.id]
    config.association_count -= 1
    return json.dumps({"ResolverQueryLogConfigAssociation": {**association.description(), "Status": "DELETING"}})


def delete(self: Any) -> str:
    """DeleteResolverQueryLogConfig, which moto lacks. AWS refuses it while a VPC is associated."""
    config_id = self._get_param("ResolverQueryLogConfigId")
    backend = self.route53resolver_backend
    config = backend.get_resolver_query_log_config(config_id)
    if config.association_count > 0:
        raise InvalidRequestException(f"Resolver query log config '{config_id}' is associated with VPCs")
    del backend.resolver_query_log_configs[config_id]
    backend.tagger.delete_all_tags_for_resource(config.arn)
    return json.dumps({"ResolverQueryLogConfig": {**config.description(), "Status": "DELETING"}})


def close() -> None:
    around(models.Route53ResolverBackend, "_matched_arn", matched_arn)
    add_call(responses.Route53ResolverResponse, "disassociate_resolver_query_log_config", disassociate)
    add_call(responses.Route53ResolverResponse, "delete_resolver_query_log_config", delete)
