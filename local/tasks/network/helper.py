"""Joins the networks of tasks, as their security groups allow.

    python3 helper.py [--name-server ADDRESS:PORT] [--aws ADDRESS:PORT]
    python3 helper.py --probe

Each task has a network namespace of its own, in which it reaches nothing. This process has them open, listens at
the addresses of others where they may be called from there, and passes on what comes. Its input is a command per
line, in JSON, each answered by a line with its id, and `error` where it failed:

    {"id": 1, "command": "add", "task": "a", "address": "127.64.0.10", "udp": [5353]}
    {"id": 2, "command": "allow", "ways": [{"from": "a", "to": "b", "tcp": [[80, 80]], "udp": []}]}
    {"id": 3, "command": "look"}
    {"id": 4, "command": "remove", "task": "a"}

The answer to `add` has the path of the `namespace`. The ways of `allow` are all that there are from then on; one `to`
"AWS" leads to the API that `--aws` tells of. `look` is answered when all ports that tasks listen on now can be called;
without it that takes a moment.

Always open are the ways from this machine to every task, and from every task to the name server. A line with
`problem` says what cannot be opened, and which `task` that is about. At the end of the input the process ends, and
with it all that it has made; a namespace lives on with the processes that are in it.

With `--probe` it does what it would have to do once, and ends with 0 where that is allowed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import select
import socket
import subprocess
import sys
from typing import Any, Callable, NamedTuple, Optional, Union

from event_loop import Loop
from namespaces import Namespace, start_connecting
from task_namespace import TaskNamespace
from tcp_relay import RESET, TcpConnection, TcpListener
from udp_relay import UdpListener

LOOK_SECONDS = 0.05
MACHINE = "machine"
NAME_SERVER = "name server"
AWS = "AWS"
KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


class Way(NamedTuple):
    """Where there is a listener: in the namespace of `source`, for a port of `target`."""

    source: str
    target: str
    protocol: str
    port: int


Address = tuple[str, int]


class Helper:
    def __init__(
        self,
        loop: Loop,
        say: Callable[[object], None],
        services: dict[str, Address],
    ) -> None:
        """`services` are on this machine, by their names: what tasks may call beside each other."""
        self._loop = loop
        self._home = Namespace()
        self._services = services
        self._say = say
        self._tasks: dict[str, TaskNamespace] = {}
        self._allowed: list[dict[str, Any]] = []
        self._listeners: dict[Way, Union[TcpListener, UdpListener]] = {}
        self._connections: dict[TcpConnection, Way] = {}
        self._problems: dict[Way, str] = {}
        self._look_regularly()

    def obey(self, command: dict[str, Any]) -> dict[str, Any]:
        """Returns what is answered. Raises OSError where the system refuses."""
        name, task = command["command"], command.get("task", "")
        answer = {}
        if name == "add":
            name_server, _ = self._services.get(NAME_SERVER) or (None, 0)
            added = TaskNamespace(self._home, command["address"], command["udp"], name_server)
            self._tasks[task] = added
            answer["namespace"] = added.namespace.path
        elif name == "remove":
            self._remove(task)
        elif name == "allow":
            self._allowed = command["ways"]
        elif name == "look":
            for each in self._tasks.values():
                each.look()
        else:
            raise ValueError(f"there is no command {name}")
        self._update()
        return answer

    def _look_regularly(self) -> None:
        news = [task.look() for task in self._tasks.values()]
        if any(news) or self._problems:
            self._update()
        self._loop.later(LOOK_SECONDS, self._look_regularly)

    def _remove(self, name: str) -> None:
        task = self._tasks.pop(name, None)
        if not task:
            return
        for connection, way in list(self._connections.items()):
            if name in (way.source, way.target):
                connection.reset()
        self._update()
        task.close()

    def _wanted(self) -> set[Way]:
        wanted = set()
        for name in self._tasks:
            wanted.update(Way(MACHINE, name, *port) for port in self._ports_of(name))
            wanted.update(Way(name, NAME_SERVER, *port) for port in self._ports_of(NAME_SERVER))
        for way in self._allowed:
            source, target = way["from"], way["to"]
            if source not in self._tasks:
                continue
            for protocol, port in self._ports_of(target):
                if any(first <= port <= last for first, last in way[protocol]):
                    wanted.add(Way(source, target, protocol, port))
        return wanted

    def _ports_of(self, name: str) -> list[tuple[str, int]]:
        """What a task or a service can be called at: protocols and ports."""
        if name in self._services:
            return [(protocol, self._services[name][1]) for protocol in KINDS]
        task = self._tasks.get(name)
        if not task:
            return []
        return [("tcp", port) for port in task.tcp_ports] + [("udp", port) for port in task.udp_ports]

    def _update(self) -> None:
        """Listens where it is to, and nowhere else. As with security groups, connections that are there go on."""
        wanted = self._wanted()
        for way in set(self._listeners) - wanted:
            self._listeners.pop(way).close()
        self._problems = {way: problem for way, problem in self._problems.items() if way in wanted}
        for way in sorted(wanted - set(self._listeners)):
            try:
                self._listeners[way] = self._listen(way)
                self._problems.pop(way, None)
            except OSError as error:
                self._tell(way, os.strerror(error.errno or 0))

    def _listen(self, way: Way) -> Union[TcpListener, UdpListener]:
        address = (self._address_of(way.target), way.port)
        namespace = self._home
        if way.source != MACHINE:
            caller = self._tasks[way.source]
            namespace = caller.gateway if way.target in self._tasks else caller.namespace
        listening = namespace.socket(self._home, KINDS[way.protocol])
        if way.protocol == "udp":
            return UdpListener(self._loop, listening, address, lambda: self._connect(way))
        return TcpListener(self._loop, listening, address, lambda client: self._accept(way, client))

    def _accept(self, way: Way, client: socket.socket) -> None:
        try:
            server = self._connect(way)
        except OSError:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.close()
            return
        self._connections[TcpConnection(self._loop, client, server, self._ended)] = way

    def _ended(self, connection: TcpConnection, error: Optional[OSError]) -> None:
        way = self._connections.pop(connection)
        task = self._tasks.get(way.target)
        if error and task and task.look():
            self._update()

    def _connect(self, way: Way) -> socket.socket:
        """A socket that is being connected, from the caller's own address: the one that it is registered with."""
        called, caller = self._tasks.get(way.target), self._tasks.get(way.source)
        connecting = (called.gateway if called else self._home).socket(self._home, KINDS[way.protocol])
        source = caller.address if caller else self._tasks[way.target].machine
        try:
            start_connecting(connecting, source, (self._address_of(way.target), way.port))
        except OSError:
            connecting.close()
            raise
        return connecting

    def _address_of(self, name: str) -> str:
        return self._services[name][0] if name in self._services else self._tasks[name].address

    def _tell(self, way: Way, why: str) -> None:
        if self._problems.get(way) == why:
            return
        self._problems[way] = why
        at = f"{self._address_of(way.target)}, {way.protocol} port {way.port}"
        if way.source == MACHINE:
            self._say({"problem": f"{at}, cannot be opened on this machine: {why}", "task": way.target})
        else:
            self._say({"problem": f"{at}, cannot be called by this task: {why}", "task": way.source})


class Commands:
    """Reads them, line by line, and answers."""

    def __init__(self, loop: Loop, helper: Helper, say: Callable[[object], None]) -> None:
        self._loop, self._helper, self._say = loop, helper, say
        self._text = b""
        os.set_blocking(sys.stdin.fileno(), False)
        loop.watch(sys.stdin.fileno(), select.EPOLLIN, self._read)

    def _read(self, _: int) -> None:
        read = os.read(sys.stdin.fileno(), 1 << 20)
        if not read:
            self._loop.stop()
            return
        *lines, self._text = (self._text + read).split(b"\n")
        for line in lines:
            command = json.loads(line)
            try:
                self._say({"id": command["id"], **self._helper.obey(command)})
            except OSError as error:
                self._say({"id": command["id"], "error": str(error)})


def say(line: object) -> None:
    print(json.dumps(line), flush=True)


def address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return host, int(port)


def probe() -> None:
    """Raises what is wrong."""
    home = Namespace()
    task = TaskNamespace(home, "127.64.0.10", [])
    listening = task.namespace.socket(home, socket.SOCK_STREAM)
    listening.bind((task.address, 80))
    listening.listen()
    calling = task.gateway.socket(home, socket.SOCK_STREAM)
    start_connecting(calling, task.machine, (task.address, 80))
    if not task.look() or not select.select([listening], [], [], 5)[0]:
        raise SystemExit("a new network namespace is of no use")
    subprocess.run(["nsenter", f"--net={task.namespace.path}", "true"], check=True)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--name-server", metavar="ADDRESS:PORT", type=address)
    options.add_argument("--aws", metavar="ADDRESS:PORT", type=address)
    options.add_argument("--probe", action="store_true")
    given = options.parse_args()
    if given.probe:
        probe()
        return
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    loop = Loop()
    services = {NAME_SERVER: given.name_server, AWS: given.aws}
    known = {name: where for name, where in services.items() if where}
    Commands(loop, Helper(loop, say, known), say)
    loop.run()


if __name__ == "__main__":
    main()
