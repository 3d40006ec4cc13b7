"""The network of one task, and the ports that it listens on."""

from __future__ import annotations

import subprocess
from typing import Optional

from listeners import Listeners
from namespaces import Namespace

# routes of the table `local` go before those of other tables, and there a longer one before `local 127.0.0.0/8`
GATEWAY = """
link add gateway type veth peer name eth0 netns {namespace}
link set gateway up
route add unicast {address}/32 dev gateway table local
"""
TASK = """
link set eth0 up
address add {address}/32 dev lo
route add unicast {others}/16 dev eth0 table local src {address}
"""
NAME_SERVER = "route replace local {name_server}/32 dev lo table local\n"


class TaskNamespace:
    """
    A task is alone in its namespace: it may listen on all addresses. The addresses of others are in a second one, the
    gateway, which a cable leads to: who listens there is called by the task, and who connects there calls it.
    """

    def __init__(
        self, home: Namespace, address: str, udp_ports: list[int], name_server: Optional[str] = None
    ) -> None:
        """`udp_ports` are declared: among UDP's sockets, those of servers are not known from others."""
        first, second, _, _ = address.split(".")
        self.address = address
        # what the task sees where this machine calls it: the one address that no task has
        self.machine = f"{first}.{second}.255.255"
        self.udp_ports = frozenset(udp_ports)
        self.tcp_ports: frozenset[int] = frozenset()
        self.gateway = Namespace.create(home)
        self.namespace = Namespace.create(home)
        names = {"address": address, "others": f"{first}.{second}.0.0", "namespace": self.namespace.path}
        try:
            with self.gateway.entered(home):
                _set_up(GATEWAY.format(**names))
            with self.namespace.entered(home):
                _set_up(
                    TASK.format(**names) + (NAME_SERVER.format(name_server=name_server) if name_server else "")
                )
                self._listeners = Listeners()
        except OSError:
            self.namespace.close()
            self.gateway.close()
            raise

    def look(self) -> bool:
        """Looks where the task listens now, at its address or at all; returns whether that is news."""
        before = self.tcp_ports
        self.tcp_ports = self._listeners.ports_of(self.address)
        return self.tcp_ports != before

    def close(self) -> None:
        self._listeners.close()
        self.namespace.close()
        self.gateway.close()


def _set_up(commands: str) -> None:
    """Runs commands of `ip`, in the namespace that this process is in."""
    with open("/proc/sys/net/ipv4/conf/all/route_localnet", "w") as setting:
        # addresses of 127.0.0.0/8 may go over the cable
        setting.write("1")
    done = subprocess.run(["ip", "-batch", "-"], input=commands, text=True, capture_output=True)
    if done.returncode != 0:
        raise OSError(f"ip: {done.stderr.strip()}")
