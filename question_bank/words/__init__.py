"""The sentences about files and items, one module for each format; `problems` puts them together."""


def _(sentence: str) -> str:
    """Mark a sentence for the gettext catalogue; it is translated when it is shown."""
    return sentence
