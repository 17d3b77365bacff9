"""A letter as it travels: headers that no text can break out of, and a name by which it is known again.

The name (Message-ID) is the letter's own, so a second delivery after a crash is known as the same letter.
"""

from __future__ import annotations

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import urlsplit

from exam_server.mail import ADDRESS
from exam_server.outbox.service import Claimed


class Unwritable(Exception):
    """No message can be made of this letter: its address or subject is none."""


def compose(letter: Claimed, sender: Address, base_url: str, now: datetime) -> EmailMessage:
    """The letter, ready to leave; raises Unwritable."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=letter.recipient)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{letter.public_id}@{urlsplit(base_url).hostname}>"
        message["Auto-Submitted"] = "auto-generated"  # no holiday notices in return
        message.set_content(letter.body.replace(ADDRESS, base_url), cte="quoted-printable")
    except (ValueError, MessageError, IndexError) as problem:
        raise Unwritable from problem
    return message
