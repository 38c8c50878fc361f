"""The signed address where an adviser gives an opinion, without an account."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from permis.enums import State
from permis.models import Opinion

SALT = "avis"
# Until the decision is signed, an opinion is of use.
BEFORE_DECISION = (State.SUBMITTED, State.INCOMPLETE, State.UNDER_REVIEW, State.AWAITING_DECISION)


def address(opinion: Opinion) -> str:
    """Where this opinion, and no other, is given."""
    return settings.BASE_URL + reverse("opinion", args=[signing.dumps([opinion.pk, opinion.email], salt=SALT)])


def read(signed: str) -> Opinion:
    """The opinion that a token names. Raises BadSignature, also once it was asked at another address."""
    pk, email = signing.loads(signed, salt=SALT)
    opinion = Opinion.objects.select_related("application__authority", "application__dwelling").filter(pk=pk, email=email).first()
    if opinion is None:
        raise signing.BadSignature
    return opinion


def is_open(opinion: Opinion) -> bool:
    """Whether it is still of use: nobody answered, and the decision is not signed."""
    return opinion.answered_on is None and opinion.application.state in BEFORE_DECISION
