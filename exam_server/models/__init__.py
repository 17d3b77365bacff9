"""Every table, no behaviour, one file per feature word."""

from exam_server.models.accounts import Account, RoleGrant, ServerSession
from exam_server.models.audit import AuditEntry
from exam_server.models.bank import BankItem, ItemKey, ItemRevision, Picture
from exam_server.models.base import Base, from_micros, new_public_id, to_micros
from exam_server.models.exam import (
    Attempt,
    ExtraTime,
    LateAnswer,
    Paper,
    Response,
    ResponseJournal,
)
from exam_server.models.guards import install_function
from exam_server.models.offices import (
    Activity,
    Channel,
    Office,
    Phase,
    Question,
    Recruitment,
    Requirement,
)
from exam_server.models.registration import Application
from exam_server.models.selection import Booking, Sitting

install_function(Base.metadata)

__all__ = [
    "Account",
    "Activity",
    "Application",
    "Attempt",
    "AuditEntry",
    "BankItem",
    "Base",
    "Booking",
    "Channel",
    "ExtraTime",
    "ItemKey",
    "ItemRevision",
    "LateAnswer",
    "Office",
    "Paper",
    "Phase",
    "Picture",
    "Question",
    "Recruitment",
    "Requirement",
    "Response",
    "ResponseJournal",
    "RoleGrant",
    "ServerSession",
    "Sitting",
    "from_micros",
    "new_public_id",
    "to_micros",
]
