"""What a browser calls itself, as a word that people use."""

from __future__ import annotations

from functools import lru_cache

UNKNOWN = "?"
"""A browser that names no device we have a word for."""


@lru_cache(1024)
def device_word(user_agent: str) -> str:
    """One word that a proctor can use on the telephone; empty for a browser that says nothing."""
    for sign, word in (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
                       ("Macintosh", "Mac"), ("Linux", "Linux")):  # fmt: skip
        if sign in user_agent:
            return word
    return UNKNOWN if user_agent else ""
