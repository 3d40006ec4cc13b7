"""EC2: descriptions of security groups and their rules, tags of launch templates."""

from __future__ import annotations

import copy
import re
from typing import Any, Callable, Iterable, Optional

from moto.ec2 import exceptions
from moto.ec2.models import launch_templates as launch_template_models
from moto.ec2.models import security_groups as models
from moto.ec2.responses import launch_templates, security_groups

from .patching import around, replace_property

TEXT = r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}"
ALLOWED = "strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"


# --- security groups -------------------------------------------------------------------------------------


def create_security_group(original: Callable[..., Any], self: Any) -> Any:
    """AWS refuses quotes, umlauts and the like in a group's name and description; moto takes them."""
    name, description = self._get_param("GroupName") or "", self._get_param("Description") or ""
    if not re.fullmatch(TEXT, description):
        raise exceptions.InvalidParameterValue(
            f"Invalid security group description. Valid descriptions are {ALLOWED}"
        )
    if not re.fullmatch(TEXT, name) or name.startswith("sg-"):
        raise exceptions.InvalidParameterValue(
            f"Invalid security group name. Valid names do not start with sg- and are {ALLOWED}"
        )
    return original(self)


def check_rule_descriptions(sources: Iterable[dict[str, Any]]) -> None:
    for source in sources:
        if not re.fullmatch(TEXT, source.get("Description") or ""):
            raise exceptions.InvalidParameterValue(
                f"Invalid rule description. Valid descriptions are {ALLOWED}"
            )


def rules_of_request(original: Callable[..., Any], self: Any) -> Any:
    """AWS refuses the same characters in the description of a rule; moto takes them."""
    rules = list(original(self))
    for rule in rules:
        check_rule_descriptions([*rule["ip_ranges"], *rule["source_groups"], *rule["prefix_list_ids"]])
    return rules


def new_rule(original: Callable[..., None], self: Any, *args: Any, **kwargs: Any) -> None:
    """A rule on a prefix list keeps its description on AWS; moto keeps the list's id only."""
    original(self, *args, **kwargs)
    prefix_list = kwargs.get("prefix_list_id", args[7] if len(args) > 7 else None)
    self.prefix_list_description = (prefix_list or {}).get("Description")


def description(self: Any) -> Optional[str]:
    """Every rule has a description on AWS. moto reads that of CIDR rules only.

    A rule with a referenced group and a description planned a change until a second apply had stored it.
    """
    if self.source_group:
        return self.source_group.get("Description")
    return self.ip_range.get("Description") or self.prefix_list_description


def same_rule(original: Callable[..., bool], self: Any, other: Any) -> bool:
    """The description is no part of a rule's identity on AWS.

    moto compares it on referenced groups, so InvalidPermission.Duplicate was missed there.
    """
    return original(without_description(self), without_description(other))


def without_description(rule: Any) -> Any:
    bare = copy.copy(rule)
    bare.source_group = {key: value for key, value in rule.source_group.items() if key != "Description"}
    return bare


def modify_rules(
    original: Callable[..., None], self: Any, group_id: str, rules: dict[str, dict[str, Any]]
) -> None:
    """AWS changes the description of any rule, and takes rules for all protocols without ports.

    moto writes a description among the CIDR ranges and asks for ports even with protocol -1.
    """
    check_rule_descriptions(rules.values())
    portless = [key for key, rule in rules.items() if rule.get("IpProtocol") == "-1"]
    for key in portless:
        rules[key].update(FromPort=-1, ToPort=-1)
    original(self, group_id, rules)
    group = self.get_security_group_by_name_or_id(group_id)
    for key, given in rules.items():
        rule = group.get_rule(key)
        if key in portless:
            rule.from_port = rule.to_port = None
        if "Description" in given and (rule.source_group or rule.prefix_list_id):
            rule.ip_range = {}
            rule.prefix_list_description = given["Description"]
            if rule.source_group:
                rule.source_group["Description"] = given["Description"]


# --- launch templates ------------------------------------------------------------------------------------


def create_launch_template(original: Callable[..., Any], self: Any) -> Any:
    """The template's own tags belong to the template on AWS.

    moto puts them among LaunchTemplateData.TagSpecifications as well, which AWS does not even allow there:
    with `default_tags` every plan wanted to remove that block.
    """
    answer = original(self)
    template = self.ec2_backend.get_launch_template_by_name(self._get_param("LaunchTemplateName"))
    data = template.default_version().data
    kept = [spec for spec in data.pop("TagSpecifications", []) if spec["ResourceType"] != "launch-template"]
    if kept:
        data["TagSpecifications"] = kept
    return answer


def describe_launch_templates(original: Callable[..., Any], self: Any, *args: Any, **kwargs: Any) -> Any:
    """AWS returns the tags that a template has now; moto those that it was made with, whatever CreateTags did.

    After a change of `default_tags` every plan wanted to change the template's tags again.
    """
    templates = original(self, *args, **kwargs)
    for template in templates:
        template.tags = template.get_tags()
    return templates


def close() -> None:
    handler = security_groups.SecurityGroups
    around(handler, "create_security_group", create_security_group)
    around(handler, "_process_rules_from_querystring", rules_of_request)
    around(models.SecurityGroupRule, "__init__", new_rule)
    replace_property(models.SecurityGroupRule, "description", description)
    around(models.SecurityGroupRule, "__eq__", same_rule)
    around(models.SecurityGroupBackend, "modify_security_group_rules", modify_rules)
    around(launch_templates.LaunchTemplates, "create_launch_template", create_launch_template)
    around(
        launch_template_models.LaunchTemplateBackend, "describe_launch_templates", describe_launch_templates
    )
