"""ECR: repository names."""

from __future__ import annotations

from typing import Any, Callable

from moto.ecr import exceptions, models

from .patching import around, target

NAME = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"


def create_repository(
    original: Callable[..., Any], self: Any, repository_name: str, *args: Any, **kwargs: Any
) -> Any:
    """AWS takes names of 2 to 256 characters; moto does not count them, so `a` passed."""
    if not 2 <= len(repository_name) <= 256:
        raise exceptions.InvalidParameterException(
            "Invalid parameter at 'repositoryName' failed to satisfy constraint: "
            f"'must have length between 2 and 256', but '{repository_name}' has {len(repository_name)}"
        )
    return original(self, repository_name, *args, **kwargs)


def close() -> None:
    around(models.ECRBackend, "create_repository", create_repository)
    # AWS takes two underscores or several hyphens between two words, moto's pattern takes one of either.
    target(models, "ECR_REPOSITORY_NAME_PATTERN")
    models.ECR_REPOSITORY_NAME_PATTERN = NAME
