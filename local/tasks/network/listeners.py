"""Who listens in a network namespace, as its kernel tells it.

/proc/net/tcp has it too, and for each look the kernel walks through all connections of the machine to make it.
See sock_diag(7) and netlink(7) for the numbers and structures here.
"""

from __future__ import annotations

import os
import socket
import struct

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
REQUEST_DUMP = 0x301
ERROR, DONE = 2, 3
TCP_LISTEN = 10
HEADER = struct.Struct("=IHHII")
ANSWER_BYTES = 1 << 16

ANY = bytes(4)
MAPPED = bytes(10) + b"\xff\xff"


class Listeners:
    """Of the namespace in which it is made."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG)

    def ports_of(self, address: str) -> frozenset[int]:
        """The ports that somebody listens on at this address, or at all of them."""
        own = socket.inet_aton(address)
        found = [
            *(port for at, port in self._dump(socket.AF_INET) if at[:4] in (own, ANY)),
            *(port for at, port in self._dump(socket.AF_INET6) if at in (MAPPED + own, bytes(16))),
        ]
        return frozenset(found)

    def close(self) -> None:
        self._socket.close()

    def _dump(self, family: int) -> list[tuple[bytes, int]]:
        """Addresses, of 16 bytes, and ports."""
        request = struct.pack("=BBBBI48x", family, socket.IPPROTO_TCP, 0, 0, 1 << TCP_LISTEN)
        self._socket.send(
            HEADER.pack(HEADER.size + len(request), SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, 0, 0) + request
        )
        found = []
        while True:
            answer = self._socket.recv(ANSWER_BYTES)
            while answer:
                length, kind, _, _, _ = HEADER.unpack_from(answer)
                body = answer[HEADER.size : length]
                answer = answer[(length + 3) & ~3 :]
                if kind == DONE:
                    return found
                if kind == ERROR:
                    number = -struct.unpack_from("=i", body)[0]
                    raise OSError(number, os.strerror(number))
                (port,) = struct.unpack_from("!H", body, 4)
                found.append((body[8:24], port))
