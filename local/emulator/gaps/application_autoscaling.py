"""Application Auto Scaling: tags of scalable targets."""

from __future__ import annotations

import json
from typing import Any, Callable

from moto.applicationautoscaling import responses
from moto.core.exceptions import JsonRESTError

from .patching import add_call, around


class ResourceNotFoundException(JsonRESTError):
    def __init__(self, arn: str) -> None:
        super().__init__("ResourceNotFoundException", f"Resource with ARN {arn} does not exist.")


def tags_of(backend: Any, arn: str) -> dict[str, str]:
    """The tags of one scalable target, kept on the target itself."""
    for by_resource in backend.targets.values():
        for target in by_resource.values():
            if target.arn == arn:
                if not hasattr(target, "tags"):
                    target.tags = {}
                return target.tags
    raise ResourceNotFoundException(arn)


def register_scalable_target(original: Callable[..., str], self: Any) -> str:
    """AWS keeps the tags that come with RegisterScalableTarget; moto drops them."""
    answer = original(self)
    given = self._get_param("Tags")
    if given:
        tags_of(self.applicationautoscaling_backend, json.loads(answer)["ScalableTargetARN"]).update(given)
    return answer


def list_tags_for_resource(self: Any) -> str:
    """AWS has ListTagsForResource; moto answers 500, so `aws_appautoscaling_target` could not be applied."""
    return json.dumps({"Tags": tags_of(self.applicationautoscaling_backend, self._get_param("ResourceARN"))})


def tag_resource(self: Any) -> str:
    """AWS has TagResource, moto has not: a changed tag failed the second apply."""
    tags_of(self.applicationautoscaling_backend, self._get_param("ResourceARN")).update(
        self._get_param("Tags")
    )
    return "{}"


def untag_resource(self: Any) -> str:
    """AWS has UntagResource, moto has not: a removed tag failed the second apply."""
    tags = tags_of(self.applicationautoscaling_backend, self._get_param("ResourceARN"))
    for key in self._get_param("TagKeys"):
        tags.pop(key, None)
    return "{}"


def close() -> None:
    handler = responses.ApplicationAutoScalingResponse
    around(handler, "register_scalable_target", register_scalable_target)
    add_call(handler, "list_tags_for_resource", list_tags_for_resource)
    add_call(handler, "tag_resource", tag_resource)
    add_call(handler, "untag_resource", untag_resource)
