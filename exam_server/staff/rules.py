"""Which official may do what to which: an admin acts inside own offices, a superadmin everywhere."""

from __future__ import annotations

from dataclasses import dataclass

Role = tuple[str, int | None]
"""A role for an office; a superadmin's has none."""

SUPERADMIN: Role = ("superadmin", None)
ROLES = ("screener", "proctor", "admin", "superadmin")
SHORTEST_REASON = 5
"""Characters: enough for a word or two that somebody can ask about later."""


@dataclass(frozen=True)
class Actor:
    """The official who acts."""

    id: int
    name: str
    roles: frozenset[Role]

    @property
    def is_superadmin(self) -> bool:
        return SUPERADMIN in self.roles

    @property
    def offices(self) -> list[int] | None:
        """Whose people this official looks after; None stands for every office."""
        return None if self.is_superadmin else sorted(o for role, o in self.roles if role == "admin" and o)

    def looks_after(self, office_id: int | None) -> bool:
        """True for an own office; what belongs to no office is the superadmins'."""
        return self.is_superadmin or ("admin", office_id) in self.roles


def is_a_role(role: str, office_id: int | None) -> bool:
    """A superadmin has no office, everybody else has one."""
    return role in ROLES and (role == "superadmin") == (office_id is None)


def may_grant(actor: Actor, role: str, office_id: int | None) -> bool:
    return actor.is_superadmin or (role != "superadmin" and actor.looks_after(office_id))


def may_end(actor: Actor, theirs: frozenset[Role], office_id: int | None) -> bool:
    """One role of a person who holds `theirs`."""
    return actor.is_superadmin or (SUPERADMIN not in theirs and actor.looks_after(office_id))


def may_stop(actor: Actor, theirs: frozenset[Role]) -> bool:
    """The whole account, which serves every office in which the person holds a role."""
    return actor.is_superadmin or (bool(theirs) and all(actor.looks_after(place) for _, place in theirs))


def may_reset(actor: Actor, theirs: frozenset[Role]) -> bool:
    """A lost second factor: an admin's own is let go by a superadmin only, as in the requests for help."""
    return actor.is_superadmin or (may_stop(actor, theirs) and all(role != "admin" for role, _ in theirs))
