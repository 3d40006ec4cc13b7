"""Passes datagrams on, and the answers back."""

from __future__ import annotations

import select
import socket
import time
from collections import OrderedDict
from typing import Callable

from event_loop import Loop

LARGEST = 65_535
READ_AT_ONCE = 64
# as long as a security group remembers who has asked
IDLE_SECONDS = 30
MOST_SESSIONS = 512


class UdpListener:
    """Listens, and asks from a socket of its own for each client. Those that were silent longest go first."""

    def __init__(
        self,
        loop: Loop,
        listening: socket.socket,
        address: tuple[str, int],
        connect: Callable[[], socket.socket],
    ) -> None:
        self._loop = loop
        self._socket = listening
        self._connect = connect
        self._sessions: OrderedDict[tuple[str, int], tuple[socket.socket, float]] = OrderedDict()
        self._closed = False
        try:
            listening.bind(address)
        except OSError:
            listening.close()
            raise
        loop.watch(listening, select.EPOLLIN, self._on_question)
        self._sweep()

    def close(self) -> None:
        self._closed = True
        while self._sessions:
            self._forget_oldest()
        self._loop.discard(self._socket)

    def _on_question(self, _: int) -> None:
        for _ in range(READ_AT_ONCE):
            try:
                datagram, client = self._socket.recvfrom(LARGEST)
                self._session(client).send(datagram)
            except BlockingIOError:
                return
            except OSError:
                # nobody listens, or no file descriptor is free: it is lost, as datagrams are
                continue

    def _session(self, client: tuple[str, int]) -> socket.socket:
        known = self._sessions.pop(client, None)
        if known:
            asking = known[0]
        else:
            while len(self._sessions) >= MOST_SESSIONS:
                self._forget_oldest()
            asking = self._connect()
            self._loop.watch(asking, select.EPOLLIN, lambda _: self._on_answer(asking, client))
        self._sessions[client] = (asking, time.monotonic())
        return asking

    def _on_answer(self, asking: socket.socket, client: tuple[str, int]) -> None:
        for _ in range(READ_AT_ONCE):
            try:
                self._socket.sendto(asking.recv(LARGEST), client)
            except BlockingIOError:
                return
            except OSError:
                continue

    def _sweep(self) -> None:
        if self._closed:
            return
        while self._sessions and self._is_idle():
            self._forget_oldest()
        self._loop.later(IDLE_SECONDS / 4, self._sweep)

    def _is_idle(self) -> bool:
        _, last = next(iter(self._sessions.values()))
        return time.monotonic() - last > IDLE_SECONDS

    def _forget_oldest(self) -> None:
        _, (asking, _) = self._sessions.popitem(last=False)
        self._loop.discard(asking)
