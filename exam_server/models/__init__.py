"""Every table, no behaviour, one file per feature word."""

from exam_server.models.access import (
    HelpRequest,
    Invitation,
    KnownDevice,
    Preference,
    SecondFactor,
    Throttle,
)
from exam_server.models.accounts import Account, RoleGrant, ServerSession
from exam_server.models.approvals import Approval
from exam_server.models.audit import AuditEntry
from exam_server.models.authoring import (
    ImportBatch,
    ImportDraft,
    ImportRow,
    ItemReview,
    ItemTag,
    RevisionNote,
    RevisionPicture,
)
from exam_server.models.bank import BankItem, ItemKey, ItemRevision, Picture
from exam_server.models.base import Base, from_micros, new_public_id, to_micros
from exam_server.models.exam import (
    Attempt,
    LateAnswer,
    Paper,
    Response,
    ResponseJournal,
)
from exam_server.models.guards import install_function
from exam_server.models.ledger import LedgerEntry, Outage, ServerHeartbeat
from exam_server.models.mail import Mail
from exam_server.models.offices import (
    Activity,
    Channel,
    Notice,
    Office,
    Phase,
    Question,
    Recruitment,
    Requirement,
)
from exam_server.models.outcome import PlaceEvent, Placing, ResultAnnouncement, SelectionList
from exam_server.models.planning import (
    Desa,
    Guide,
    Holiday,
    OfficeDetail,
    Reminder,
    SittingMove,
    SittingProctor,
)
from exam_server.models.practice import DeviceCheck, PracticeResponse, PracticeRun
from exam_server.models.profile import Document, Profile
from exam_server.models.proof import JournalEntry, Pledge, Receipt, RescueFile, Score
from exam_server.models.registration import Application
from exam_server.models.results import (
    Criteria,
    GateCheck,
    Mark,
    Quota,
    ResultVersion,
    ScoreOpening,
)
from exam_server.models.screening import ApplicationVersion, FieldCheck, Screening, ScreeningEvent
from exam_server.models.selection import Booking, Sitting
from exam_server.models.watching import (
    ContactGap,
    Incident,
    Message,
    MessageTo,
    OutageScope,
    OutageStruck,
    PageEvent,
    SaveTrouble,
    SittingRecord,
    WatchPolicy,
)

install_function(Base.metadata)

__all__ = [
    "Account",
    "Activity",
    "Application",
    "ApplicationVersion",
    "Approval",
    "Attempt",
    "AuditEntry",
    "BankItem",
    "Base",
    "Booking",
    "Channel",
    "ContactGap",
    "Criteria",
    "Desa",
    "DeviceCheck",
    "Document",
    "FieldCheck",
    "GateCheck",
    "Guide",
    "HelpRequest",
    "Holiday",
    "ImportBatch",
    "ImportDraft",
    "ImportRow",
    "Incident",
    "Invitation",
    "ItemKey",
    "ItemReview",
    "ItemRevision",
    "ItemTag",
    "JournalEntry",
    "KnownDevice",
    "LateAnswer",
    "LedgerEntry",
    "Mail",
    "Mark",
    "Message",
    "MessageTo",
    "Notice",
    "Office",
    "OfficeDetail",
    "Outage",
    "OutageScope",
    "OutageStruck",
    "PageEvent",
    "Paper",
    "Phase",
    "Picture",
    "PlaceEvent",
    "Placing",
    "Pledge",
    "PracticeResponse",
    "PracticeRun",
    "Preference",
    "Profile",
    "Question",
    "Quota",
    "Receipt",
    "Recruitment",
    "Reminder",
    "Requirement",
    "RescueFile",
    "Response",
    "ResponseJournal",
    "ResultAnnouncement",
    "ResultVersion",
    "RevisionNote",
    "RevisionPicture",
    "RoleGrant",
    "SaveTrouble",
    "Score",
    "ScoreOpening",
    "Screening",
    "ScreeningEvent",
    "SecondFactor",
    "SelectionList",
    "ServerHeartbeat",
    "ServerSession",
    "Sitting",
    "SittingMove",
    "SittingProctor",
    "SittingRecord",
    "Throttle",
    "WatchPolicy",
    "from_micros",
    "new_public_id",
    "to_micros",
]
