"""What the helper does, seen through real sockets in the networks that it makes. As root, on Linux:

python3 -m unittest discover -s local/tasks/network
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
import unittest
from typing import Any, Callable, Optional

from namespaces import Namespace

HELPER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "helper.py")
# of this run alone: others may be on the same machine
NETWORK = f"127.{100 + os.getpid() % 100}.{os.getpid() // 100 % 256}"
ADDRESSES = {name: f"{NETWORK}.{number}" for number, name in enumerate("abcde", start=1)}
NAME_SERVER = f"{NETWORK}.99"
PORT = 8080
NAME_PORT = 8053
PATIENCE_SECONDS = 20
HOME = Namespace() if sys.platform == "linux" else None


def is_able() -> bool:
    return subprocess.run([sys.executable, "-B", HELPER, "--probe"], capture_output=True).returncode == 0


def until(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.01)


def echo(connection: socket.socket) -> None:
    """All that came, when the other side has ended."""
    connection.sendall(read_all(connection))


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while True:
        part = connection.recv(1 << 16)
        if not part:
            return b"".join(parts)
        parts.append(part)


@unittest.skipUnless(is_able(), "no network namespaces here: they need root on Linux")
class HelperTest(unittest.TestCase):
    def setUp(self) -> None:
        self.aws = self.socket(None)
        self.aws.bind(("127.0.0.1", 0))
        self.aws.listen()
        command = [sys.executable, "-S", "-E", "-B", HELPER, "--name-server", f"{NAME_SERVER}:{NAME_PORT}"]
        command += ["--aws", "{}:{}".format(*self.aws.getsockname())]
        self.helper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(self.end)
        self.problems: list[dict[str, str]] = []
        self.namespaces = {}
        for task in "abc":
            path = self.obey("add", task=task, address=ADDRESSES[task], udp=[PORT + 1])["namespace"]
            self.namespaces[task] = Namespace(path)

    def end(self) -> None:
        for namespace in self.namespaces.values():
            namespace.close()
        self.helper.stdin.close()
        self.assertEqual(self.helper.wait(PATIENCE_SECONDS), 0)
        self.helper.stdout.close()

    def obey(self, command: str, **more: Any) -> dict[str, Any]:
        self.helper.stdin.write(json.dumps({"id": 7, "command": command, **more}).encode() + b"\n")
        self.helper.stdin.flush()
        while True:
            line = json.loads(self.helper.stdout.readline())
            if line.get("id") == 7:
                return line
            self.problems.append(line)

    def allow(
        self, *pairs: tuple[str, str], ports: tuple[int, int] = (PORT, PORT), udp: bool = False
    ) -> None:
        ranges = {"tcp": [] if udp else [ports], "udp": [ports] if udp else []}
        self.obey("allow", ways=[{"from": source, "to": target, **ranges} for source, target in pairs])

    def socket(self, task: Optional[str], kind: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
        """In the network of a task, or of this machine."""
        namespace = self.namespaces[task] if task else HOME
        made = namespace.socket(HOME, kind)
        made.settimeout(PATIENCE_SECONDS)
        self.addCleanup(made.close)
        return made

    def listen(self, task: str, address: Optional[str] = None, port: int = PORT) -> socket.socket:
        listening = self.socket(task)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address or ADDRESSES[task], port))
        listening.listen(100)
        self.obey("look")
        return listening

    def serve(self, task: str, answer: Callable[[socket.socket], None], **where: Any) -> list[str]:
        """Answers connections, one after the other, and says where they came from."""
        listening = self.listen(task, **where)
        sources: list[str] = []

        def run() -> None:
            while True:
                try:
                    connection, (source, _) = listening.accept()
                except OSError:
                    return
                with connection:
                    sources.append(source)
                    try:
                        answer(connection)
                    except OSError:
                        continue

        threading.Thread(target=run, daemon=True).start()
        self.addCleanup(listening.shutdown, socket.SHUT_RDWR)
        return sources

    def call(self, task: Optional[str], callee: str, port: int = PORT) -> socket.socket:
        caller = self.socket(task)
        caller.connect((ADDRESSES[callee], port))
        return caller

    def pair(self, **where: Any) -> tuple[socket.socket, socket.socket]:
        """A connection from a to b: both of its ends."""
        self.allow(("a", "b"))
        listening = self.listen("b", **where)
        caller = self.call("a", "b")
        called, _ = listening.accept()
        called.settimeout(PATIENCE_SECONDS)
        self.addCleanup(called.close)
        return caller, called

    def refused(self, task: Optional[str], callee: str, port: int = PORT) -> None:
        with self.assertRaises(ConnectionRefusedError):
            self.call(task, callee, port)

    def file_descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.helper.pid}/fd"))

    def ask(self, caller: socket.socket, question: bytes) -> bytes:
        caller.sendall(question)
        caller.shutdown(socket.SHUT_WR)
        return read_all(caller)


class Ways(HelperTest):
    def test_a_call_that_is_allowed_comes_from_the_caller_and_others_are_refused(self) -> None:
        sources = self.serve("b", echo)
        self.refused("a", "b")
        self.allow(("a", "b"))
        self.assertEqual(self.ask(self.call("a", "b"), b"hello"), b"hello")
        self.assertEqual(sources, [ADDRESSES["a"]])
        self.refused("c", "b")
        self.refused("a", "c")

    def test_only_the_ports_that_are_allowed(self) -> None:
        self.serve("b", echo)
        self.serve("b", echo, port=PORT + 1)
        self.allow(("a", "b"), ports=(PORT + 1, PORT + 9))
        self.refused("a", "b")
        self.assertEqual(self.ask(self.call("a", "b", PORT + 1), b"x"), b"x")

    def test_the_other_way_round_is_another_way(self) -> None:
        self.serve("a", echo)
        self.serve("b", echo)
        self.allow(("a", "b"))
        self.refused("b", "a")

    def test_this_machine_may_call_everybody(self) -> None:
        self.assertEqual(self.serve("b", echo), [])
        self.assertEqual(self.ask(self.call(None, "b"), b"x"), b"x")

    def test_aws_is_called_by_who_may(self) -> None:
        port = self.aws.getsockname()[1]
        self.allow(("a", "AWS"), ports=(port, port))
        caller = self.socket("a")
        caller.connect(self.aws.getsockname())
        called, (source, _) = self.aws.accept()
        with called:
            self.assertEqual(source, ADDRESSES["a"])
            called.sendall(b"answer")
            self.assertEqual(caller.recv(10), b"answer")
        with self.assertRaises(ConnectionRefusedError):
            self.socket("b").connect(self.aws.getsockname())
        self.allow()
        with self.assertRaises(ConnectionRefusedError):
            self.socket("a").connect(self.aws.getsockname())

    def test_a_task_calls_itself_without_a_rule_and_nobody_on_this_machine(self) -> None:
        self.serve("b", echo)
        self.assertEqual(self.ask(self.call("b", "b"), b"x"), b"x")
        with socket.create_server((ADDRESSES["c"], PORT)):
            self.refused("a", "c")

    def test_what_is_not_allowed_any_more_ends_for_new_connections(self) -> None:
        caller, called = self.pair()
        self.allow()
        self.refused("a", "b")
        caller.sendall(b"still here")
        self.assertEqual(called.recv(100), b"still here")

    def test_a_server_that_listens_on_all_addresses_is_found(self) -> None:
        self.allow(("a", "b"))
        self.serve("b", echo, address="0.0.0.0")
        self.assertEqual(self.ask(self.call("a", "b"), b"x"), b"x")
        self.refused("a", "c")

    def test_one_that_listens_on_another_address_is_not(self) -> None:
        self.allow(("a", "b"))
        self.serve("b", echo, address="127.0.0.1")
        self.refused("a", "b")

    def test_callers_may_listen_on_the_same_port_on_all_addresses(self) -> None:
        self.allow(("a", "b"), ("b", "a"))
        self.serve("a", lambda one: one.sendall(b"a"), address="0.0.0.0")
        self.serve("b", lambda one: one.sendall(b"b"), address="0.0.0.0")
        for caller, called in ("ab", "ba", "aa", "bb"):
            self.assertEqual(read_all(self.call(caller, called)), called.encode())

    def test_what_this_machine_has_in_that_place_is_told(self) -> None:
        with socket.create_server((ADDRESSES["b"], PORT)):
            self.listen("b")
            (problem,) = self.problems
        told = f"{ADDRESSES['b']}, tcp port {PORT}, cannot be opened on this machine: Address already in use"
        self.assertEqual(problem, {"problem": told, "task": "b"})
        # as soon as it can be
        until(lambda: self.socket(None).connect_ex((ADDRESSES["b"], PORT)) == 0)

    def test_a_server_is_found_when_it_begins_to_listen(self) -> None:
        self.allow(("a", "b"))
        listening = self.socket("b")
        listening.bind((ADDRESSES["b"], PORT))
        self.refused("a", "b")
        listening.listen()
        # by itself, soon
        until(lambda: self.socket("a").connect_ex((ADDRESSES["b"], PORT)) == 0)

    def test_a_server_that_ends_is_refused_as_when_nobody_listens(self) -> None:
        self.allow(("a", "b"))
        listening = self.listen("b")
        self.call("a", "b")
        listening.close()
        # by itself, soon
        until(lambda: self.socket("a").connect_ex((ADDRESSES["b"], PORT)) == 111)
        self.refused(None, "b")

    def test_a_call_in_that_moment_is_reset_and_the_next_one_refused(self) -> None:
        self.allow(("a", "b"))
        self.listen("b").close()
        caller = self.socket("a")
        # a look may have come before
        if caller.connect_ex((ADDRESSES["b"], PORT)) == 0:
            with self.assertRaises(ConnectionResetError):
                caller.recv(1)
        self.refused("a", "b")

    def test_a_task_that_is_removed_takes_its_connections_with_it(self) -> None:
        caller, called = self.pair()
        before = self.file_descriptors()
        self.obey("remove", task="b")
        for side in (caller, called):
            with self.assertRaises(ConnectionResetError):
                side.recv(1)
        self.refused("a", "b")
        self.assertLess(self.file_descriptors(), before - 4)


class Connections(HelperTest):
    def test_one_side_may_end_before_the_other(self) -> None:
        caller, called = self.pair()
        caller.sendall(b"question")
        caller.shutdown(socket.SHUT_WR)
        self.assertEqual(read_all(called), b"question")
        called.sendall(b"answer")
        called.close()
        self.assertEqual(read_all(caller), b"answer")

    def test_the_called_may_end_first(self) -> None:
        caller, called = self.pair()
        called.sendall(b"greeting")
        called.shutdown(socket.SHUT_WR)
        self.assertEqual(read_all(caller), b"greeting")
        caller.sendall(b"thanks")
        caller.close()
        self.assertEqual(read_all(called), b"thanks")

    def test_large_bodies_arrive_whole_in_both_directions(self) -> None:
        self.allow(("a", "b"))
        self.serve("b", echo)
        body = os.urandom(1 << 20) * 24
        caller = self.call("a", "b")
        self.assertEqual(self.ask(caller, body), body)

    def test_who_reads_slowly_slows_the_sender_down(self) -> None:
        caller, called = self.pair()
        caller.settimeout(0.5)
        sent = 0
        with self.assertRaises(TimeoutError if sys.version_info >= (3, 10) else socket.timeout):
            while sent < 1 << 30:
                sent += caller.send(b"x" * (1 << 16))
        # what the buffers of four sockets hold
        self.assertLess(sent, 1 << 26)
        caller.close()
        self.assertGreaterEqual(len(read_all(called)), sent)

    def reset(self, side: socket.socket) -> None:
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        side.close()

    def test_a_reset_is_a_reset_for_the_other_side(self) -> None:
        for end in (0, 1):
            ends = self.pair()
            self.reset(ends[end])
            with self.assertRaises(ConnectionResetError):
                ends[1 - end].recv(1)
            ends[1 - end].close()
            self.obey("remove", task="b")
            self.namespaces["b"].close()
            self.setUpTask("b")

    def setUpTask(self, task: str) -> None:
        path = self.obey("add", task=task, address=ADDRESSES[task], udp=[])["namespace"]
        self.namespaces[task] = Namespace(path)

    def test_what_was_sent_before_a_reset_can_be_read(self) -> None:
        caller, called = self.pair()
        called.sendall(b"too large")
        self.reset(called)
        self.assertEqual(caller.recv(100), b"too large")
        with self.assertRaises(ConnectionResetError):
            caller.recv(100)

    def test_a_reset_is_seen_while_the_other_side_reads_nothing(self) -> None:
        caller, called = self.pair()
        before = self.file_descriptors()
        caller.settimeout(0.5)
        with self.assertRaises(OSError):
            while True:
                caller.send(b"x" * (1 << 16))
        self.reset(caller)
        until(lambda: self.file_descriptors() == before - 2)
        with self.assertRaises(ConnectionResetError):
            read_all(called)

    def test_a_frozen_server_gets_what_was_sent_when_it_goes_on(self) -> None:
        self.allow(("a", "b"))
        listening = self.listen("b")
        caller = self.call("a", "b")
        caller.sendall(b"anybody there?")
        caller.settimeout(0.3)
        with self.assertRaises(OSError):
            caller.recv(1)
        called, _ = listening.accept()
        self.addCleanup(called.close)
        self.assertEqual(called.recv(100), b"anybody there?")

    def test_thousands_of_connections_leave_no_file_descriptor(self) -> None:
        self.allow(("a", "b"))
        self.serve("b", lambda connection: connection.sendall(connection.recv(100)))
        before = self.file_descriptors()
        for number in range(4000):
            with self.namespaces["a"].socket(HOME, socket.SOCK_STREAM) as caller:
                caller.settimeout(PATIENCE_SECONDS)
                caller.connect((ADDRESSES["b"], PORT))
                if number % 3:
                    caller.sendall(b"x")
                    self.assertEqual(caller.recv(10), b"x")
                if number % 2:
                    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        until(lambda: self.file_descriptors() == before)

    def test_many_at_once_are_all_served(self) -> None:
        self.allow(("a", "b"))
        listening = self.listen("b")
        listening.listen(4096)
        before = self.file_descriptors()
        callers = [self.call("a", "b") for _ in range(300)]
        for number, caller in enumerate(callers):
            caller.sendall(str(number).encode())
        called = [listening.accept()[0] for _ in callers]
        until(lambda: self.file_descriptors() == before + 2 * len(callers))
        self.assertEqual({int(each.recv(10)) for each in called}, set(range(300)))
        for each in called + callers:
            each.close()
        until(lambda: self.file_descriptors() == before)


class Datagrams(HelperTest):
    def answer(self, serving: socket.socket) -> str:
        question, client = serving.recvfrom(100)
        serving.sendto(question.upper(), client)
        return client[0]

    def test_the_name_server_is_asked_with_both_protocols(self) -> None:
        serving = self.socket(None, socket.SOCK_DGRAM)
        serving.bind((NAME_SERVER, NAME_PORT))
        listening = self.socket(None)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((NAME_SERVER, NAME_PORT))
        listening.listen()
        for task in ("a", "b"):
            asking = self.socket(task, socket.SOCK_DGRAM)
            asking.connect((NAME_SERVER, NAME_PORT))
            asking.send(b"name")
            self.assertEqual(self.answer(serving), ADDRESSES[task])
            self.assertEqual(asking.recv(100), b"NAME")
            caller = self.socket(task)
            caller.connect((NAME_SERVER, NAME_PORT))
            accepted, (source, _) = listening.accept()
            accepted.close()
            self.assertEqual(source, ADDRESSES[task])

    def test_a_port_of_a_task_that_is_declared_and_allowed(self) -> None:
        serving = self.socket("b", socket.SOCK_DGRAM)
        serving.bind((ADDRESSES["b"], PORT + 1))
        asking = self.socket("a", socket.SOCK_DGRAM)
        asking.connect((ADDRESSES["b"], PORT + 1))
        asking.send(b"lost")
        with self.assertRaises(ConnectionRefusedError):
            asking.recv(100)
        self.allow(("a", "b"), ports=(PORT + 1, PORT + 1), udp=True)
        asking.send(b"hello")
        self.assertEqual(self.answer(serving), ADDRESSES["a"])
        self.assertEqual(asking.recv(100), b"HELLO")

    def test_thousands_of_questions_take_few_file_descriptors(self) -> None:
        serving = self.socket(None, socket.SOCK_DGRAM)
        serving.bind((NAME_SERVER, NAME_PORT))
        before = self.file_descriptors()
        for _ in range(2000):
            with self.namespaces["a"].socket(HOME, socket.SOCK_DGRAM) as asking:
                asking.settimeout(PATIENCE_SECONDS)
                asking.connect((NAME_SERVER, NAME_PORT))
                asking.send(b"name")
                self.answer(serving)
                self.assertEqual(asking.recv(100), b"NAME")
        self.assertLessEqual(self.file_descriptors(), before + 512)


class End(HelperTest):
    def test_the_end_of_its_input_ends_it_with_its_connections(self) -> None:
        caller, _ = self.pair()
        self.helper.stdin.close()
        self.assertEqual(self.helper.wait(PATIENCE_SECONDS), 0)
        with self.assertRaises(OSError):
            self.call("a", "b")
        self.assertIn(caller.recv(1) if caller else b"", b"")

    def test_a_namespace_that_nobody_is_in_is_gone(self) -> None:
        path = self.obey("add", task="d", address=ADDRESSES["d"], udp=[])["namespace"]
        namespace = os.readlink(path)
        program = subprocess.Popen(["nsenter", f"--net={path}", "sleep", "1000"])
        until(lambda: namespace in namespaces_of_processes())
        self.helper.stdin.close()
        self.helper.wait(PATIENCE_SECONDS)
        self.assertIn(namespace, namespaces_of_processes())
        program.kill()
        program.wait()
        self.assertNotIn(namespace, namespaces_of_processes())

    def test_what_the_system_refuses_is_the_error_of_one_command(self) -> None:
        before = self.file_descriptors()
        self.assertIn("999.0.0.1", self.obey("add", task="e", address="999.0.0.1", udp=[])["error"])
        self.assertEqual(self.file_descriptors(), before)
        self.assertEqual(self.obey("remove", task="e"), {"id": 7})
        self.assertIn("namespace", self.obey("add", task="e", address=ADDRESSES["e"], udp=[]))


def namespaces_of_processes() -> set[str]:
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            found.add(os.readlink(f"/proc/{pid}/ns/net"))
        except OSError:
            continue
    return found


if __name__ == "__main__":
    unittest.main()
