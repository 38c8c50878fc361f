"""The mails that the demo keeps in its data folder instead of sending them."""

from __future__ import annotations

import email
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

SUFFIX = ".log"
# What Django's file backend writes between two mails of one connection.
_END_OF_MAIL = b"\n" + b"-" * 79


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail, known by the name of its file."""

    name: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def recipients(self) -> str:
        return str(self.message["To"])

    @property
    def sender(self) -> str:
        return str(self.message["From"])

    @property
    def sent_at(self) -> datetime:
        # A mail dated in UTC says nothing of its author's time zone: Python then reads a naive date.
        date = parsedate_to_datetime(self.message["Date"])
        return date if date.tzinfo else date.replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        return body.get_content() if body else ""

    @property
    def attachments(self) -> list[Attachment]:
        return [
            Attachment(part.get_filename("piece-jointe"), bytes(part.get_payload(decode=True)))
            for part in self.message.iter_attachments()
        ]


def latest(folder: Path, limit: int) -> list[Mail]:
    """The last mails, newest first."""
    files = sorted(folder.glob(f"*{SUFFIX}"), key=lambda file: (file.stat().st_mtime, file.name), reverse=True)
    return [_read(file) for file in files[:limit]]


def find(folder: Path, name: str) -> Mail | None:
    """The mail of that name, among those that are in the folder and nowhere else."""
    return next((_read(file) for file in folder.glob(f"*{SUFFIX}") if file.stem == name), None)


def _read(file: Path) -> Mail:
    """The outbox opens one connection a mail: a file holds one."""
    content = file.read_bytes().partition(_END_OF_MAIL)[0]
    return Mail(file.stem, email.message_from_bytes(content, policy=default))
