"""Floor of the paper page: Flask and Flask-Login's signed cookie around 20 KB that are ready beforehand."""

from bench.floors import host  # isort: skip  # first, because it patches

import secrets

from flask import Flask, Response
from flask_login import LoginManager, UserMixin, login_required, login_user

app = Flask(__name__)
app.secret_key = secrets.token_hex(32)
manager = LoginManager(app)
PAGE = b"<!doctype html><title>page</title><p>" + b"x" * 20_000


class User(UserMixin):  # type: ignore[misc]
    def __init__(self, number: str) -> None:
        self.id = number


@manager.user_loader  # type: ignore[untyped-decorator]
def load(number: str) -> User:
    return User(number)


@app.get("/login/<number>")
def login(number: str) -> str:
    login_user(User(number))
    return "in"


@app.get("/page")
@login_required  # type: ignore[untyped-decorator]
def page() -> Response:
    return Response(PAGE, mimetype="text/html")


if __name__ == "__main__":
    host.serve(app)
