"""ECS task definitions: what Fargate takes and how EFS volumes are mounted. moto registers anything."""

from __future__ import annotations

import re
from typing import Any, Callable, Optional

from moto.ecs import responses
from moto.ecs.exceptions import EcsClientException

from .patching import around

# CPU units to MiB of memory: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
FARGATE_MEMORY: dict[int, tuple[int, ...]] = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4096 + 1, 1024)),
    1024: tuple(range(2048, 8192 + 1, 1024)),
    2048: tuple(range(4096, 16384 + 1, 1024)),
    4096: tuple(range(8192, 30720 + 1, 1024)),
    8192: tuple(range(16384, 61440 + 1, 4096)),
    16384: tuple(range(32768, 122880 + 1, 8192)),
    32768: (61440, 122880, 249856),
}


def amount(given: str, unit: str) -> Optional[int]:
    """CPU units or MiB. AWS takes "1024" as well as "1 vCPU" and "2 GB"."""
    match = re.fullmatch(rf"(\d*\.?\d+)\s*({unit})?", str(given).strip(), re.IGNORECASE)
    if match is None:
        return None
    return int(float(match[1]) * 1024) if match[2] else int(float(match[1]))


def check_fargate(params: dict[str, Any]) -> None:
    """AWS takes awsvpc and eight sizes of CPU, each with its own sizes of memory."""
    if params.get("networkMode") != "awsvpc":
        raise EcsClientException("Fargate only supports network mode ‘awsvpc’.")
    for name in ("cpu", "memory"):
        if not params.get(name):
            raise EcsClientException(f"Fargate requires that '{name}' be defined at the task level.")
    cpu, memory = amount(params["cpu"], "vcpu"), amount(params["memory"], "gb")
    if cpu is None or cpu not in FARGATE_MEMORY:
        raise EcsClientException("Invalid 'cpu' setting for task.")
    if memory not in FARGATE_MEMORY[cpu]:
        raise EcsClientException("No Fargate configuration exists for given values.")


def check_efs_volume(volume: dict[str, Any]) -> None:
    """An access point and IAM both need encryption in transit, and an access point has its own root."""
    config = volume.get("efsVolumeConfiguration") or {}
    authorization = config.get("authorizationConfig") or {}
    access_point = authorization.get("accessPointId")
    encrypted = config.get("transitEncryption") == "ENABLED"
    if (access_point or authorization.get("iam") == "ENABLED") and not encrypted:
        raise EcsClientException(
            f"Transit encryption must be enabled for the volume '{volume.get('name')}': "
            "it uses an EFS access point or EFS IAM authorization."
        )
    if access_point and config.get("rootDirectory") not in (None, "", "/"):
        raise EcsClientException(
            f"The root directory of the volume '{volume.get('name')}' must be omitted or set to / "
            "when an EFS access point is specified."
        )
    if config.get("transitEncryptionPort") and not encrypted:
        raise EcsClientException(
            f"The volume '{volume.get('name')}' has a transit encryption port without transit encryption."
        )


def register_task_definition(original: Callable[..., Any], self: Any) -> Any:
    params = self._get_params()
    if "FARGATE" in (params.get("requiresCompatibilities") or []):
        check_fargate(params)
    for volume in params.get("volumes") or []:
        check_efs_volume(volume)
    return original(self)


def close() -> None:
    around(responses.EC2ContainerServiceResponse, "register_task_definition", register_task_definition)
