"""What time calls for among the cases, each selection on an index of its own: the clock comes every five minutes, for all of them.

What is due on a day is still due the next one, until it is done: authorities have not all the same day, and a worker may have slept.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from permis.alarms import Alarm
from permis.enums import State
from permis.models.told import tell_on
from territories.enums import Regime

if TYPE_CHECKING:
    from permis.models.application import Application  # noqa: F401 (the rows of the selections, by name)

_RUNNING = Q(state__in=State.clock_running())
_AUTHORISING = Q(state__in=State.authorising())
_UNREAD = Q(state=State.DECISION_SIGNED, held_until__isnull=False)
_INCOMPLETE = Q(state=State.INCOMPLETE)
_UNCOMPLETED = Q(regime=Regime.DML, state=State.INCOMPLETE)
_UNANSWERED = Q(regime=Regime.DML, state__in=[State.SUBMITTED, State.INCOMPLETE])
_TELL_ON = tell_on(
    (_RUNNING & Q(tacit_on__isnull=False), Alarm.DEADLINE),
    (_AUTHORISING, Alarm.LAPSE),
    (_INCOMPLETE & Q(respond_by__isnull=False), Alarm.ANSWER),
    (_UNANSWERED, Alarm.RECEIPT),
)


class Timed(models.QuerySet["Application"]):
    def silent_on(self, day: date) -> Self:
        """Silence gardé : le délai a expiré avant ``day`` sans notification."""
        return self.filter(_RUNNING, tacit_on__lt=day).filter(Q(held_until__isnull=True) | Q(held_until__lt=day))

    def unread_on(self, day: date) -> Self:
        """Mise à disposition en ligne, et personne ne l’a ouverte dans les quinze jours qui finissaient avant ``day``."""
        return self.filter(_UNREAD, held_until__lt=day)

    def lapsed_on(self, day: date) -> Self:
        """Deux ans passés avant ``day`` sans mise en location."""
        return self.filter(_AUTHORISING, valid_until__lt=day)

    def uncompleted_on(self, day: date) -> Self:
        """Déclarations dont le délai pour compléter est passé avant ``day`` (CCH R.634-3)."""
        return self.filter(_UNCOMPLETED, respond_by__lt=day)

    def to_tell_on(self, day: date) -> Self:
        """Une échéance approche ou vient de passer, et ce qu’elle appelle à dire ne l’a pas été."""
        return self.alias(to_tell_on=_TELL_ON).filter(to_tell_on__lte=day)


CLOCK_INDEXES: list[Any] = [
    models.Index(fields=["tacit_on"], name="application_clock", condition=_RUNNING),
    models.Index(fields=["held_until"], name="application_unread", condition=_UNREAD),
    models.Index(fields=["valid_until"], name="application_lapse", condition=_AUTHORISING),
    models.Index(fields=["respond_by"], name="application_uncompleted", condition=_UNCOMPLETED),
    models.Index(_TELL_ON, name="application_tell_on"),
    # Whose hands a case is in, where delegations begin and end.
    models.Index(fields=["commune", "authority", "regime"], name="application_open", condition=Q(state__in=State.open())),
]
