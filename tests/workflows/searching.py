"""Filed cases for the tests of the search: the rows and their index, without the deposit that would take most of the time."""

from datetime import date
from itertools import count
from typing import Any

from accounts.models import User
from permis import indexing, search
from permis.enums import State
from permis.models import Agent, Application, Lessor
from permis.words import Question
from tests import factories

RECEIVED, TACIT = date(2026, 3, 2), date(2026, 4, 2)
_ranks = count(1)


def filed(
    authority: Any = None, *, lessor: dict[str, Any] | None = None, agent: dict[str, Any] | None = None, **fields: Any
) -> Application:
    """A case just filed, with its index; ``sheet`` says its dwelling, ``lessor`` and ``agent`` its people."""
    number = fields.pop("number", f"APML 033473 26 {next(_ranks) + 50_000}")
    if authority is not None:
        fields["authority"] = authority
    facts = {"state": State.SUBMITTED, "received_on": RECEIVED, "clock_started_on": RECEIVED, "tacit_on": TACIT}
    case = factories.ApplicationFactory(number=number, **(facts | fields))
    if lessor is not None:
        Lessor.objects.filter(application=case).update(**({"email": "", "first_name": "", "last_name": ""} | lessor))
    if agent is not None:
        Agent.objects.create(application=case, activity="Agence", address="1 rue Sainte", **agent)
    indexing.keep(case)
    return case


def found(text: str, user: User, **options: Any) -> list[int]:
    """Keys of what a question finds, the most recent first."""
    return list(search.find(Question.of(text), user, limit=50, **options).keys)
