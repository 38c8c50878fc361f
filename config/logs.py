"""What must never stand in a log."""

from __future__ import annotations

import logging
import re

# Whoever holds such an address may read or send one file for as long as it lives.
_SIGNED = re.compile(r"(/fichiers/(?:deposer|lire)/)[^/\s]+")


class WithoutStrayHosts(logging.Filter):
    """Robots ask for any host: the refusal is one line without a trace, as it tells nothing of our code."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = record.stack_info = None
        return True


class WithoutSignedAddresses(logging.Filter):
    """Django writes the path of each request that it refuses; those of files are proofs, and are cut."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_SIGNED.sub(r"\1…", each) if isinstance(each, str) else each for each in record.args)
        return True
