"""Network namespaces that have no name: each is there as long as somebody has it open, or a process is in it."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from contextlib import contextmanager
from typing import Iterator

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS = 0x8913
SIOCSIFFLAGS = 0x8914
IFF_UP = 0x1
OWN = "/proc/thread-self/ns/net"
# chooses the port when it connects: a port is then taken for one peer, and not for all
IP_BIND_ADDRESS_NO_PORT = 24

libc = ctypes.CDLL(None, use_errno=True)


class Namespace:
    """One that is open. Sockets are of the namespace that they were made in, whoever uses them."""

    def __init__(self, path: str = OWN) -> None:
        self.fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    @classmethod
    def create(cls, home: Namespace) -> Namespace:
        """Makes one with nothing in it but `lo`, which is up."""
        _call("unshare", CLONE_NEWNET)
        try:
            created = cls()
            _bring_up("lo")
        finally:
            home.enter()
        return created

    @property
    def path(self) -> str:
        """For other processes."""
        return f"/proc/{os.getpid()}/fd/{self.fd}"

    def enter(self) -> None:
        _call("setns", self.fd, CLONE_NEWNET)

    @contextmanager
    def entered(self, home: Namespace) -> Iterator[None]:
        if self is home:
            yield
            return
        self.enter()
        try:
            yield
        finally:
            home.enter()

    def socket(self, home: Namespace, kind: socket.SocketKind) -> socket.socket:
        """A new one, which does not block."""
        with self.entered(home):
            made = socket.socket(socket.AF_INET, kind)
        made.setblocking(False)
        return made

    def close(self) -> None:
        os.close(self.fd)


def start_connecting(made: socket.socket, source: str, target: tuple[str, int]) -> None:
    """Connects from a source address; whether it can is known when the socket is writable."""
    made.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
    made.bind((source, 0))
    try:
        made.connect(target)
    except BlockingIOError:
        pass


def _bring_up(interface: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", interface.encode(), 0)
        name, flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", name, flags | IFF_UP))


def _call(name: str, *arguments: int) -> None:
    if getattr(libc, name)(*arguments) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")
