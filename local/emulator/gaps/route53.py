"""Route 53: private hosted zones."""

from __future__ import annotations

from typing import Any, Callable, Optional

from moto.route53 import exceptions, models, responses

from .patching import around


class ConflictingDomainExists(exceptions.Route53ClientError):
    def __init__(self, vpc_id: str, region: str, zone_id: str) -> None:
        super().__init__(
            "ConflictingDomainExists",
            f"The VPC {vpc_id} in region {region} has already been associated with "
            f"the hosted zone {zone_id} with the same domain name.",
        )


def zone_of_vpc(backend: Any, name: str, vpc_id: str) -> Optional[Any]:
    """The private zone of that name that the VPC is associated with. DNS names have no case."""
    wanted = name.rstrip(".").lower()
    for zone in backend.zones.values():
        associated = any(vpc.get("vpc_id") == vpc_id for vpc in zone.vpcs)
        if zone.private_zone and associated and zone.name.rstrip(".").lower() == wanted:
            return zone
    return None


def refuse_second_zone(backend: Any, name: str, vpc_id: str, region: str) -> None:
    """AWS refuses a second private zone of one name on one VPC; moto takes any number."""
    zone = zone_of_vpc(backend, name, vpc_id)
    if zone is not None:
        raise ConflictingDomainExists(vpc_id, region, zone.resource_id)


def create_hosted_zone(original: Callable[..., Any], self: Any) -> Any:
    """On AWS a zone with a VPC is private, whether HostedZoneConfig.PrivateZone was sent or not.

    moto looks at that flag, which the provider never sends: the VPC was lost, the next plan wanted to add it
    and the next apply failed with PublicZoneVPCAssociation.
    """
    vpc_id = self._get_param("VPC.VPCId")
    if vpc_id:
        refuse_second_zone(self.backend, self._get_param("Name"), vpc_id, self._get_param("VPC.VPCRegion"))
        self.params.setdefault("HostedZoneConfig", {})["PrivateZone"] = True
    return original(self)


def associate_vpc(original: Callable[..., Any], self: Any, zone_id: str, vpcid: str, vpcregion: str) -> Any:
    """The same rule for a VPC that joins later: it may not see two zones of one name."""
    refuse_second_zone(self, self.get_hosted_zone(zone_id).name, vpcid, vpcregion)
    return original(self, zone_id, vpcid, vpcregion)


def close() -> None:
    around(responses.Route53, "create_hosted_zone", create_hosted_zone)
    around(models.Route53Backend, "associate_vpc_with_hosted_zone", associate_vpc)
