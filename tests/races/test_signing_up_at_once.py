"""One person, twelve taps: one account, one activation, one new password."""

from __future__ import annotations

import threading
from collections.abc import Callable

from exam_server.signup import service
from exam_server.tokens import LinkExpired
from tests.signup.samples import SECRET, letters_to, link_in
from tests.worlds import World, wall

AT_ONCE = 12
EMAIL = "serentak@surel.example"


def at_once(act: Callable[[], object]) -> list[str]:
    """What each of AT_ONCE simultaneous acts came to: `ok`, or the name of what was raised."""
    together, told = threading.Barrier(AT_ONCE), []

    def one() -> None:
        together.wait(60)
        try:
            act()
            told.append("ok")
        except Exception as problem:
            told.append(type(problem).__name__)

    threads = [threading.Thread(target=one) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return sorted(told)


def sign_up(world: World) -> None:
    service.sign_up(world.db, SECRET, EMAIL, "Ayu", "-", "id", wall())


def token(world: World, start: str) -> str:
    return link_in(letters_to(world.db, EMAIL)[-1], start).removeprefix(start)


def acts(world: World, act: str) -> int:
    return int(world.scalar("SELECT count(*) FROM audit WHERE act = :act", act=act))


def test_simultaneous_sign_ups_are_one_account_and_everybody_sees_the_same_page(world: World) -> None:
    assert at_once(lambda: sign_up(world)) == ["ok"] * AT_ONCE
    assert world.scalar("SELECT count(*) FROM account WHERE email = :email", email=EMAIL) == 1
    assert acts(world, "account.signed_up_again") == AT_ONCE - 1
    assert len(letters_to(world.db, EMAIL)) == 5, "nobody floods a mailbox"


def test_simultaneous_activations_are_one(world: World) -> None:
    sign_up(world)
    link = token(world, "/activate/")
    assert at_once(lambda: service.activate(world.db, SECRET, link, wall())) == ["ok"] * AT_ONCE
    assert acts(world, "account.activated") == 1


def test_one_reset_link_sets_one_password(world: World) -> None:
    sign_up(world)
    service.send_reset(world.db, SECRET, EMAIL, "id", wall())
    link = token(world, "/password/new/")
    numbers = iter(range(AT_ONCE))

    def set_password() -> None:
        service.set_password(world.db, SECRET, link, f"hash {next(numbers)}", "id", wall())

    assert at_once(set_password) == [LinkExpired.__name__] * (AT_ONCE - 1) + ["ok"]
    assert acts(world, "account.password_reset") == 1
