"""The places where moto 5.2.1 answers otherwise than AWS, and what makes it answer as AWS does.

One file per AWS service. Whatever a file remembers, it remembers on moto's own objects: they belong to one
account and region, and `POST /moto-api/reset` drops them.
"""

from __future__ import annotations

from . import (
    application_autoscaling,
    cloud_map,
    cloud_map_instances,
    cloud_map_services,
    ec2,
    ecr,
    ecs,
    ecs_clusters,
    ecs_task_definitions,
    efs,
    iam,
    logs,
    route53,
    route53_resolver,
)

SERVICES = (
    application_autoscaling,
    cloud_map,
    cloud_map_instances,
    cloud_map_services,
    ec2,
    ecr,
    ecs,
    ecs_clusters,
    ecs_task_definitions,
    efs,
    iam,
    logs,
    route53,
    route53_resolver,
)


def close_all() -> None:
    """Closes every gap. Raises AttributeError when moto is not the moto that a gap was written for."""
    for service in SERVICES:
        service.close()
