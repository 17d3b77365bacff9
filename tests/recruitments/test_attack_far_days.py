"""Days at the ends of the calendar are refused beside their field: kept, they would break every page."""

from __future__ import annotations

import pytest

from tests.client import Client
from tests.factories import Scene
from tests.recruitments.entering import must, problems, rows

AT = "/desk/jepara/2027"
FAR = ("01-01-0001", "31-12-9999", "1899-12-31", "1-1-2200")


def schedule(first: str, last: str) -> dict[str, str]:
    return rows("phases", [{"kind": "registration", "title_id": "Pendaftaran", "title_en": "", "note_id": "",
                            "note_en": "", "first": first, "last": last}])  # fmt: skip


@pytest.fixture
def draft(admin: Client, scene: Scene) -> Client:
    must(admin.submit("/desk/jepara/recruitments/new", year="2027", source=""), AT)
    return admin


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("field", ["first", "last"])
def test_a_stage_in_another_age_is_refused_and_the_desk_still_opens(
    draft: Client, day: str, field: str
) -> None:
    usual = {"first": "1-10-2027", "last": "2-10-2027"}
    answer = draft.submit(f"{AT}/phases", **schedule(**(usual | {field: day})))
    assert answer.status_code == 422
    assert f"phases-1-{field}-problem" in [name for name, _ in problems(answer)]
    assert [draft.get(page).status_code for page in (AT, f"{AT}/phases", f"{AT}/preview")] == [200] * 3


def test_the_first_and_the_last_day_of_the_calendar_of_the_desk_are_taken(draft: Client) -> None:
    answer = draft.submit(f"{AT}/phases", **schedule("1-1-1900", "31-12-2199"))
    must(answer, f"{AT}?saved=phases&letters=0")
    assert [draft.get(page).status_code for page in (AT, f"{AT}/phases", f"{AT}/preview")] == [200] * 3
