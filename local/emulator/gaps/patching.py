"""How a gap file changes moto.

Every change goes through one of these functions. Each of them looks for its target first, so that a
release of moto in which the target was renamed or removed stops the emulator at start instead of leaving a
gap open without a word.
"""

from __future__ import annotations

import functools
from typing import Any, Callable

import moto


def target(owner: Any, name: str) -> Any:
    """The attribute of moto that a gap is about to change."""
    if not hasattr(owner, name):
        where = getattr(owner, "__qualname__", getattr(owner, "__name__", repr(owner)))
        module = getattr(owner, "__module__", "")
        raise AttributeError(
            f"moto {moto.__version__} has no {module + '.' if module else ''}{where}.{name}, "
            "which the emulator changes to answer as AWS does. "
            "Install moto 5.2.1 (pip install 'moto[server]==5.2.1') or adapt local/emulator/gaps."
        )
    return getattr(owner, name)


def around(owner: type, name: str, replacement: Callable[..., Any]) -> None:
    """Puts `replacement` in the place of a method. It gets the original as its first argument."""
    original = target(owner, name)

    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        return replacement(original, *args, **kwargs)

    setattr(owner, name, call)


def replace_property(owner: type, name: str, getter: Callable[[Any], Any]) -> None:
    """Puts another getter in the place of a read-only property."""
    target(owner, name)
    setattr(owner, name, property(getter))


def add_call(owner: type, name: str, handler: Callable[[Any], Any]) -> None:
    """Gives a service an API call that moto lacks. `dispatch` is what finds it by its name."""
    target(owner, "dispatch")
    setattr(owner, name, handler)
