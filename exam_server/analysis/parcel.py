"""Dataclasses as JSON and back: an answer that was reckoned in another process is the same here."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def pack(value: Any) -> Any:
    """The value as JSON knows it: dataclasses as objects, tuples and sets as lists."""
    if is_dataclass(value):
        return {one.name: pack(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, (tuple, list)):
        return [pack(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted(pack(one) for one in value)
    return value


def unpack(kind: type[T], said: Any) -> T:
    """What `pack` was given; raises KeyError and TypeError for anything else."""
    return cast(T, _unpack(kind, said))


def _unpack(kind: Any, said: Any) -> Any:
    if said is None:
        return None
    if get_origin(kind) in (types.UnionType, Union):
        return _unpack(next(one for one in get_args(kind) if one is not type(None)), said)
    if is_dataclass(kind):
        return kind(**{name: _unpack(one, said[name]) for name, one in _hints(kind).items()})  # type: ignore[operator, arg-type]
    if hasattr(kind, "_fields"):  # a named tuple
        return kind(*(_unpack(one, each) for one, each in zip(_hints(kind).values(), said, strict=True)))
    if get_origin(kind) is tuple:
        return tuple(_several(get_args(kind), said))
    if get_origin(kind) is frozenset:
        return frozenset(_unpack(get_args(kind)[0], one) for one in said)
    return said


def _several(kinds: tuple[Any, ...], said: list[Any]) -> list[Any]:
    if kinds[1:] == (Ellipsis,):
        return [_unpack(kinds[0], one) for one in said]
    return [_unpack(kind, one) for kind, one in zip(kinds, said, strict=True)]


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)
