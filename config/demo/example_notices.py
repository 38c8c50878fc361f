"""Sendings of a decision for the gallery: each state that one can be in."""

from __future__ import annotations

from datetime import date, timedelta

from permis.enums import Means
from permis.models import Application, Notice
from workflows import notices
from workflows.notices import Sending


def sendings(case: Application, *, on: date) -> list[Sending]:
    """To send, sent, waiting online, notified, returned."""
    before = on - timedelta(days=6)
    letter = {"application": case, "means": Means.REGISTERED_LETTER, "tracking_number": "1A20487306147"}
    found = [
        Notice(pk=1, **letter),
        Notice(pk=2, **letter, sent_on=before),
        Notice(pk=3, application=case, means=Means.PORTAL, available_on=before),
        Notice(pk=4, **letter, sent_on=before, first_presented_on=on, collected_on=on),
        Notice(pk=5, **letter, sent_on=before, returned_on=on, return_reason="unknown"),
        Notice(pk=6, application=case, means=Means.HAND, handed_over_on=on, recipient="Mme Hélène Duprat"),
    ]
    return [notices.sending(case, notice, {}) for notice in found]
