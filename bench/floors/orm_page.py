"""Peer of the paper page: the same paper as an ORM and a template write it when nobody thinks about cost.

User, attempt, thirty drawn items and their options as objects (options by one further statement, as a careful
author would), and a template that walks through all 120 options.
"""

from bench.floors import host  # isort: skip  # first, because it patches

import os
import secrets

import sqlalchemy as sa
from flask import Flask, render_template_string
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

ITEMS, OPTIONS, USERS = 30, 4, 64
TEMPLATE = """<!doctype html><html lang="id"><title>{{ user.name }}</title><main>
{% for drawn in attempt.drawn %}<section id="item-{{ drawn.position }}"><h2>{{ drawn.position }}</h2>
<div>{{ drawn.question.stem }}</div>{% for option in drawn.question.options %}
<label><input type="radio" name="item-{{ drawn.position }}" value="{{ option.place }}">
{{ option.text }}</label>
{% endfor %}</section>{% endfor %}</main></html>"""
WORDS = "Petugas mencatat jumlah anggota rumah tangga menurut umur dan jenis kelamin. "


class Base(DeclarativeBase):
    pass


class User(UserMixin, Base):  # type: ignore[misc]
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Question(Base):
    __tablename__ = "question"
    id: Mapped[int] = mapped_column(primary_key=True)
    stem: Mapped[str]
    options: Mapped[list["Option"]] = relationship(order_by="Option.place")


class Option(Base):
    __tablename__ = "option"
    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"), index=True)
    place: Mapped[int]
    text: Mapped[str]


class Attempt(Base):
    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    drawn: Mapped[list["Drawn"]] = relationship(order_by="Drawn.position")


class Drawn(Base):
    __tablename__ = "drawn"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(sa.ForeignKey("attempt.id"), index=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("question.id"))
    position: Mapped[int]
    question: Mapped[Question] = relationship(lazy="joined")


engine = sa.create_engine(os.environ["DATABASE_URL"], connect_args={"check_same_thread": False})
app = Flask(__name__)
app.secret_key = secrets.token_hex(32)
manager = LoginManager(app)


def fill() -> None:
    Base.metadata.create_all(engine)
    with Session(engine) as tx:
        for number in range(1, 10 * ITEMS + 1):
            texts = [f"Pilihan {place} {WORDS}" for place in range(1, OPTIONS + 1)]
            options = [Option(place=place, text=text) for place, text in enumerate(texts, 1)]
            tx.add(Question(id=number, stem=f"Soal {number}: {WORDS * 3}", options=options))
        tx.flush()
        for user in range(1, USERS + 1):
            drawn = [Drawn(position=place, question_id=(user * 7 + place * 3) % (10 * ITEMS) + 1)
                     for place in range(1, ITEMS + 1)]  # fmt: skip
            tx.add_all([User(id=user, name=f"Calon {user}"), Attempt(user_id=user, drawn=drawn)])
        tx.commit()


@manager.user_loader  # type: ignore[untyped-decorator]
def load(number: str) -> User | None:
    with Session(engine) as tx:
        return tx.get(User, int(number))


@app.get("/login/<int:number>")
def login(number: int) -> str:
    with Session(engine) as tx:
        login_user(tx.get(User, number))
    return "in"


@app.get("/page")
@login_required  # type: ignore[untyped-decorator]
def page() -> str:
    wanted = (
        sa.select(Attempt)
        .where(Attempt.user_id == current_user.id)
        .options(selectinload(Attempt.drawn).joinedload(Drawn.question).selectinload(Question.options))
    )
    with Session(engine) as tx:
        attempt = tx.scalars(wanted).one()
        return render_template_string(TEMPLATE, user=current_user, attempt=attempt)


if __name__ == "__main__":
    fill()
    host.serve(app)
