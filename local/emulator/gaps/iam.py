"""IAM: the policies that AWS manages."""

from __future__ import annotations

import functools
import json
import re
from typing import Any, Callable

from moto.iam import models

from .patching import around, target


@functools.lru_cache(maxsize=1)
def catalogue() -> dict[str, Any]:
    """The policies of moto's own list by path and name. Four megabytes that nothing changes: read once."""
    policies = json.loads(target(models, "aws_managed_policies_data"))
    return {f"{data.get('Path', '/')}{name}": (name, data) for name, data in policies.items()}


def provide(original: Callable[..., Any], self: Any, policy_arn: str, *args: Any, **kwargs: Any) -> Any:
    """Every account has AmazonECSTaskExecutionRolePolicy and the like. moto has them on request only.

    Its switch (MOTO_IAM_LOAD_MANAGED_POLICIES) makes all 1,485 of them for each of eight partitions, again
    after every reset, which takes more than half a second; here a policy comes when it is asked for.
    """
    named = re.fullmatch(r"arn:[\w-]+:iam::aws:policy(/.+)", policy_arn or "")
    if named and policy_arn not in self.managed_policies and named[1] in catalogue():
        name, data = catalogue()[named[1]]
        policy = models.AWSManagedPolicy.from_data(name, self.account_id, self.region_name, data)
        self.managed_policies[policy.arn] = policy
    return original(self, policy_arn, *args, **kwargs)


def close() -> None:
    for call in ("attach_role_policy", "attach_user_policy", "attach_group_policy", "get_policy"):
        around(models.IAMBackend, call, provide)
