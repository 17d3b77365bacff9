"""Indonesian is the source language of every sentence; English is a catalogue beside it."""

from __future__ import annotations

import functools
from pathlib import Path

from babel.support import NullTranslations, Translations

from exam_server.errors import Refusal
from exam_server.instants import Moment

LANGUAGES = ("id", "en")
DEFAULT = "id"
CATALOGUES = Path(__file__).parent / "translations"


@functools.cache
def catalogue(language: str) -> NullTranslations:
    return Translations.load(str(CATALOGUES), [language])


def say(message: str, language: str) -> str:
    """`message` in `language`, or as it stands when the catalogue has nothing better."""
    found: str = catalogue(language).ugettext(message)
    return found


def sentence(refusal: Refusal, language: str) -> str:
    """What a refusal tells its person."""
    filled = {name: one.spoken(language) if isinstance(one, Moment) else one
              for name, one in refusal.params.items()}  # fmt: skip
    return say(refusal.sentence, language).format(**filled)


def chosen(cookie: str | None) -> str:
    return cookie if cookie in LANGUAGES else DEFAULT
