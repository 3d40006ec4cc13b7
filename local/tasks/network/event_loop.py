"""What waits for sockets and for time, on Linux's epoll.

asyncio would do but for one thing: it does not see the reset of a connection that nothing is read from at the moment.
"""

from __future__ import annotations

import heapq
import itertools
import select
import socket
import time
from typing import Callable, Optional, Union

Watched = Union[socket.socket, int]
Handler = Callable[[int], None]


class Loop:
    """Errors and hang-ups are reported for all that is watched, as epoll does, also where no event is asked for."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._handlers: dict[int, Handler] = {}
        self._events: dict[int, int] = {}
        self._discarded: list[socket.socket] = []
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._running = True

    def watch(self, watched: Watched, events: int, handler: Handler) -> None:
        number = _number(watched)
        self._handlers[number] = handler
        self.change(watched, events)

    def change(self, watched: Watched, events: Optional[int]) -> None:
        """`None`: not even errors are reported, until it is changed again."""
        number = _number(watched)
        before = self._events.get(number)
        if events == before:
            return
        if events is None:
            self._epoll.unregister(number)
            del self._events[number]
            return
        if before is None:
            self._epoll.register(number, events)
        else:
            self._epoll.modify(number, events)
        self._events[number] = events

    def discard(self, watched: socket.socket) -> None:
        """Closes it, when what has happened is handled: until then nothing else gets its number."""
        if self._handlers.pop(watched.fileno(), None):
            self.change(watched, None)
        self._discarded.append(watched)

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._numbers), action))

    def stop(self) -> None:
        self._running = False

    def run(self) -> None:
        while self._running:
            for number, events in self._epoll.poll(self._timeout()):
                handler = self._handlers.get(number)
                if handler:
                    handler(events)
            while self._timers and self._timers[0][0] <= time.monotonic():
                heapq.heappop(self._timers)[2]()
            for discarded in self._discarded:
                discarded.close()
            self._discarded.clear()

    def _timeout(self) -> Optional[float]:
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None


def _number(watched: Watched) -> int:
    return watched if isinstance(watched, int) else watched.fileno()
