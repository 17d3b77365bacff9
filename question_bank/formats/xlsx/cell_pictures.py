"""Pictures that were placed inside cells: a cell names a rich value, which names a member of the workbook."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from question_bank.formats.xlsx.tree import attribute, inside, local, optional_part, relations
from question_bank.formats.zips import Archive


def cell_pictures(archive: Archive, parts: Mapping[str, str]) -> dict[str, str]:
    """Return for each number that a cell may carry as `vm` the member with its picture."""
    metadata = optional_part(archive, parts.get("sheetMetadata", ""))
    values = optional_part(archive, parts.get("rdRichValue", ""))
    source = parts.get("richValueRel", "")
    listed = optional_part(archive, source)
    if metadata is None or values is None or listed is None:
        return {}
    related = relations(archive, source)
    members = [related.get(attribute(one, "id"), ("", ""))[1] for one in inside(listed, "rel")]
    rich = [_first_number(one) for one in inside(values, "rv")]
    found = {}
    for number, index in enumerate(_rich_values(metadata), 1):
        if 0 <= index < len(rich) and 0 <= rich[index] < len(members):
            found[str(number)] = members[rich[index]]
    return found


def _rich_values(metadata: Element) -> list[int]:
    """For each value record its rich value, -1 when it has another meaning."""
    own = [_number(one.get("i")) for future in inside(metadata, "futureMetadata")
           if future.get("name") == "XLRICHVALUE" for one in inside(future, "rvb")]  # fmt: skip
    records = next((one for one in metadata if local(one) == "valueMetadata"), None)
    named = [_number(one.get("v")) for one in inside(records, "rc")] if records is not None else []
    return [own[index] if 0 <= index < len(own) else -1 for index in named]


def _first_number(value: Element) -> int:
    return next((_number(one.text) for one in value if local(one) == "v"), -1)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else -1
