"""A list of desa larger than any regency's is refused: writing it would hold up the exams of all offices."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from exam_server.db import Database
from exam_server.models import Desa
from exam_server.recruitments.desa import MOST_BYTES, MOST_DESA, read
from exam_server.recruitments.refusals import DesaRefused
from tests.client import Client
from tests.factories import Scene
from tests.recruitments.entering import must, problems


def upload(client: Client, data: str) -> TestResponse:
    file = (io.BytesIO(data.encode()), "desa.csv")
    return client.submit("/desk/jepara/desa", file=file)  # type: ignore[arg-type]


def table(count: int) -> str:
    return "kecamatan,desa\n" + "".join(f"Bangsri,Desa {number}\n" for number in range(count))


def count(db: Database) -> int:
    with db.read() as tx:
        return tx.scalar(sa.select(sa.func.count(Desa.id))) or 0


def test_as_many_desa_as_allowed_are_taken(admin: Client, db: Database, scene: Scene) -> None:
    must(upload(admin, table(MOST_DESA)), f"/desk/jepara/office?desa={MOST_DESA}#desa")
    assert count(db) == MOST_DESA


def test_a_larger_list_is_refused_and_the_former_one_stays(admin: Client, db: Database, scene: Scene) -> None:
    must(upload(admin, table(2)), "/desk/jepara/office?desa=2#desa")
    answer = upload(admin, table(MOST_DESA + 1))
    assert answer.status_code == 422
    assert problems(answer)
    assert count(db) == 2


def test_a_file_of_commas_is_not_even_read() -> None:
    with pytest.raises(DesaRefused) as caught:
        read(b"kecamatan,desa\n" + b"," * MOST_BYTES, ["Bangsri"])
    assert [params for _, _, params in caught.value.faults] == [{"limit": 1}]
