"""What the tests of the gaps have in common: a started emulator, emptied before each test, and boto3's clients of it.

    python3 -m unittest discover -s local/emulator

There is one test or more per closed gap, in `test_*gaps.py`, and each fails on moto as it is.
"""

from __future__ import annotations

import json
import unittest
import urllib.request
from typing import Any, Callable

from botocore.exceptions import ClientError

from started_server import StartedServer

server: StartedServer
clients: dict[str, Any] = {}


def setUpModule() -> None:
    global server
    server = StartedServer()
    clients.clear()


def tearDownModule() -> None:
    server.stop()


def aws(service: str) -> Any:
    if service not in clients:
        clients[service] = server.client(service)
    return clients[service]


def reset() -> None:
    request = urllib.request.Request(f"{server.url}/moto-api/reset", method="POST")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()


class GapTest(unittest.TestCase):
    def setUp(self) -> None:
        reset()

    def refused(self, code: str, part: str, call: Callable[..., Any], **arguments: Any) -> None:
        """The call must fail with this error code, and a message that has this part."""
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        error = caught.exception.response["Error"]
        self.assertEqual(error["Code"], code, error)
        self.assertIn(part, error["Message"])

    def vpc(self, cidr: str = "10.0.0.0/16") -> str:
        return aws("ec2").create_vpc(CidrBlock=cidr)["Vpc"]["VpcId"]

    def subnet(self, vpc: str, cidr: str = "10.0.1.0/24") -> str:
        return aws("ec2").create_subnet(VpcId=vpc, CidrBlock=cidr)["Subnet"]["SubnetId"]
