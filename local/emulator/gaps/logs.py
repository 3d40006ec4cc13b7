"""CloudWatch Logs: the class of a log group and its name."""

from __future__ import annotations

import re
from typing import Any, Callable

from moto.logs import exceptions, models, responses

from .patching import around

NAME = r"[\.\-_/#A-Za-z0-9]{1,512}"
CLASSES = ("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")


def create_log_group(original: Callable[..., str], self: Any) -> str:
    """AWS keeps logGroupClass and checks the name; moto does neither.

    Without the class, `log_group_class = "INFREQUENT_ACCESS"` planned a replacement for ever.
    """
    name = self._get_param("logGroupName")
    group_class = self._get_param("logGroupClass") or "STANDARD"
    if not re.fullmatch(NAME, name):
        raise exceptions.InvalidParameterException(
            constraint=f"Member must satisfy regular expression pattern: {NAME}",
            parameter="logGroupName",
            value=name,
        )
    if group_class not in CLASSES:
        raise exceptions.InvalidParameterException(
            constraint=f"Member must satisfy enum value set: [{', '.join(CLASSES)}]",
            parameter="logGroupClass",
            value=group_class,
        )
    answer = original(self)
    self.logs_backend.groups[name].log_group_class = group_class
    return answer


def describe(original: Callable[..., dict[str, Any]], self: Any) -> dict[str, Any]:
    """DescribeLogGroups returns logGroupClass on AWS, on groups that a service made too."""
    return {**original(self), "logGroupClass": getattr(self, "log_group_class", "STANDARD")}


def close() -> None:
    around(responses.LogsResponse, "create_log_group", create_log_group)
    around(models.LogGroup, "to_describe_dict", describe)
