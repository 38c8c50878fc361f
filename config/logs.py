"""What must never stand in a log."""

from __future__ import annotations

import logging
import re

_CUT = "…"
_SECRETS = [
    # Whoever holds such an address may read or send one file for as long as it lives.
    (re.compile(r"(/fichiers/(?:deposer|lire)/)[^/\s]+"), rf"\1{_CUT}"),
    (re.compile(r"(X-Amz-(?:Credential|Security-Token|Signature)=)[^&\s'\"]+", re.IGNORECASE), rf"\1{_CUT}"),
    # To some servers, whoever knows a key may copy what it holds.
    (re.compile(r"\bquarantaine/\d+/\d+/[0-9a-f]{32}"), f"quarantaine/{_CUT}"),
    (re.compile(r"\b(\d+/\d+/)[0-9a-f]{64}"), rf"\1{_CUT}"),
    # A row that PostgreSQL refused, with everything that people wrote in it.
    (re.compile(r"DETAIL:  .*?(?=\n\n|\Z)", re.DOTALL), f"DETAIL:  {_CUT}"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), f"{_CUT}@{_CUT}"),
]


class WithoutStrayHosts(logging.Filter):
    """Robots ask for any host: the refusal is one line without a trace, as it tells nothing of our code."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class Discreet(logging.Formatter):
    """One line as it is written, its traceback included, without what it would tell of people or open to its reader."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for pattern, instead in _SECRETS:
            text = pattern.sub(instead, text)
        return text
