"""Passes TCP connections on, as they are: also that one side has said all it had to say, is slow, or has reset it."""

from __future__ import annotations

import os
import select
import socket
import struct
from typing import Callable, Optional

from event_loop import Loop

IN, OUT, ERROR, HANG_UP = select.EPOLLIN, select.EPOLLOUT, select.EPOLLERR, select.EPOLLHUP
CHUNK = 1 << 18
ACCEPTED_AT_ONCE = 64
RETRY_SECONDS = 0.1
RESET = struct.pack("ii", 1, 0)


class TcpListener:
    """Listens, and makes a connection for each that it accepts."""

    def __init__(
        self,
        loop: Loop,
        listening: socket.socket,
        address: tuple[str, int],
        accept: Callable[[socket.socket], None],
    ) -> None:
        self._loop = loop
        self._socket = listening
        self._accept = accept
        self._closed = False
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(address)
            listening.listen(4096)
        except OSError:
            listening.close()
            raise
        loop.watch(listening, IN, self._on_event)

    def close(self) -> None:
        """What is accepted goes on."""
        self._closed = True
        # at once; it is closed a moment later
        self._socket.shutdown(socket.SHUT_RDWR)
        self._loop.discard(self._socket)

    def _on_event(self, _: int) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            if self._closed:
                return
            try:
                accepted, _ = self._socket.accept()
            except BlockingIOError:
                return
            except ConnectionError:
                continue
            except OSError:
                # no file descriptor is free: others may end meanwhile
                self._loop.change(self._socket, None)
                self._loop.later(RETRY_SECONDS, self._resume)
                return
            accepted.setblocking(False)
            self._accept(accepted)

    def _resume(self) -> None:
        if not self._closed:
            self._loop.change(self._socket, IN)


class _Side:
    """One of the two sockets: what is to be written to it, and whether all was read from it."""

    __slots__ = ("socket", "pending", "ended", "hung_up")

    def __init__(self, of: socket.socket) -> None:
        self.socket = of
        self.pending = memoryview(b"")
        self.ended = False
        self.hung_up = False


class TcpConnection:
    """Two sockets, of which the second is still being connected."""

    def __init__(
        self,
        loop: Loop,
        client: socket.socket,
        server: socket.socket,
        on_end: Callable[[TcpConnection, Optional[OSError]], None],
    ) -> None:
        self._loop = loop
        self._client, self._server = _Side(client), _Side(server)
        self._on_end = on_end
        self._connecting = True
        self._over = False
        for side in (self._client, self._server):
            side.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop.watch(client, 0, lambda events: self._on_event(self._client, self._server, events))
        loop.watch(server, OUT, lambda events: self._on_event(self._server, self._client, events))

    def reset(self, error: Optional[OSError] = None) -> None:
        """Both sides see a reset."""
        for side in (self._client, self._server):
            side.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._end(error)

    def _on_event(self, side: _Side, other: _Side, events: int) -> None:
        if self._over:
            return
        try:
            if side is self._server:
                # or it cannot be: that is an error as others are
                self._connecting = False
            if events & HANG_UP:
                side.hung_up = True
            if events & (IN | ERROR):
                self._read(side, other)
            if events & OUT:
                self._write(side, other)
            if events & ERROR:
                self._read_to_the_end(side, other)
        except OSError as error:
            self.reset(error)
            return
        if self._client.ended and self._server.ended and not (self._client.pending or self._server.pending):
            self._end(None)
        elif not self._connecting:
            self._ask_for_more(self._client, self._server)
            self._ask_for_more(self._server, self._client)

    def _read(self, side: _Side, other: _Side) -> None:
        if other.pending or side.ended or self._connecting:
            return
        try:
            read = side.socket.recv(CHUNK)
        except BlockingIOError:
            return
        if read:
            other.pending = memoryview(read)
        else:
            side.ended = True
        self._write(other, side)

    def _write(self, side: _Side, other: _Side) -> None:
        if side.pending:
            try:
                side.pending = side.pending[side.socket.send(side.pending) :]
            except BlockingIOError:
                return
        if other.ended and not side.pending:
            side.socket.shutdown(socket.SHUT_WR)

    def _read_to_the_end(self, side: _Side, other: _Side) -> None:
        """What came before a reset is passed on as far as it can be."""
        error = side.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        while not (self._connecting or other.pending):
            read = side.socket.recv(CHUNK)
            if not read:
                break
            other.pending = memoryview(read)
            self._write(other, side)
        raise OSError(error, os.strerror(error))

    def _ask_for_more(self, side: _Side, other: _Side) -> None:
        events = (OUT if side.pending else 0) | (0 if side.ended or other.pending else IN)
        # a hang-up is reported again and again, and there is nothing to do about it before the other side has read
        self._loop.change(side.socket, events if events or not side.hung_up else None)

    def _end(self, error: Optional[OSError]) -> None:
        if self._over:
            return
        self._over = True
        for side in (self._client, self._server):
            self._loop.discard(side.socket)
        self._on_end(self, error)
