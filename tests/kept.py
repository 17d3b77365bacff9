"""What every application and database of this process would compile anew is compiled once.

Templates, addresses, statements and catalogues are pure functions of their source text: what is built from
what was kept is the same as what would have been compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from types import CodeType
from typing import Any

import flask
import sqlalchemy as sa
from babel.support import NullTranslations, Translations
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

STATEMENTS = 5_000
COMPILED = ("_parts", "_trace", "_converters", "_build", "_build_unknown")
create_engine = sa.create_engine
read_catalogue = Translations.load


class KeptTemplates(BytecodeCache):
    """Compiled templates by name and source."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


class KeptRule(Rule):
    """Takes over what an equal rule under equal converters was compiled to."""

    _known: dict[tuple[Any, ...], Rule] = {}  # noqa: RUF012 - shared on purpose

    def compile(self) -> None:
        if self.map is None or self.defaults:
            return super().compile()
        shape = (self.rule, self.host, self.subdomain, self.merge_slashes, self.map.host_matching,
                 *self.map.converters.items())  # fmt: skip
        known = self._known.get(shape)
        if known is None:
            super().compile()
            self._known[shape] = self
            return None
        self.arguments |= known.arguments
        self._parts, self._trace, self._converters = known._parts, known._trace, known._converters
        self._build = known._build.__func__.__get__(self, None)  # type: ignore[attr-defined]
        self._build_unknown = known._build_unknown.__func__.__get__(self, None)  # type: ignore[attr-defined]
        return None


def _asked_already(connection: sa.Connection) -> None:
    """What a dialect asks the first database it meets has been asked for all of them."""


class KeptStatements:
    """Makes engines that share, per driver, one dialect and with it the statements compiled for it."""

    def __init__(self) -> None:
        self._first: dict[str, sa.Engine] = {}

    def create_engine(self, url: str | sa.URL, **named: Any) -> sa.Engine:
        driver = sa.make_url(url).drivername
        first = self._first.get(driver)
        if first is None:
            self._first[driver] = first = create_engine(url, **named)
            first._compiled_cache = LRUCache(STATEMENTS)
            return first
        engine = create_engine(url, **named)
        engine.dialect.initialize = _asked_already  # type: ignore[method-assign]
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
        return engine


@cache
def _catalogue(folder: str, languages: tuple[str, ...], domain: str | None) -> NullTranslations:
    return read_catalogue(folder, languages, domain)


def _kept_catalogue(folder: str, languages: Sequence[Any], domain: str | None = None) -> NullTranslations:
    """Whoever asks for a catalogue copies it and changes nothing in it."""
    return _catalogue(str(folder), tuple(map(str, languages)), domain)


def keep() -> None:
    """From now on, in this process."""
    flask.Flask.jinja_options = {"bytecode_cache": KeptTemplates()}
    flask.Flask.url_rule_class = KeptRule
    sa.create_engine = KeptStatements().create_engine
    Translations.load = _kept_catalogue  # type: ignore[method-assign]
