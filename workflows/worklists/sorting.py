"""The orders of a worklist, and the key from which its next or previous page begins.

Every order ends with the case and the task, so that no two rows are equal: a page begins after a key, never at a rank, and each
row is read once whatever happens to the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Field, Func, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from accounts.models import User
from permis.models import Application
from workflows import projection
from workflows.models import WorkItemQuerySet

# Key in the address, column of the row.
COLUMNS = {"echeance": "due_on", "reception": "received_on", "numero": "number", "rue": "street", "bailleur": "lessor"}
LABELS = {
    "echeance": "Échéance la plus proche", "-echeance": "Échéance la plus lointaine", "reception": "Reçus les premiers",
    "-reception": "Reçus les derniers", "numero": "Numéro croissant", "-numero": "Numéro décroissant", "rue": "Rue, de A à Z",
    "-rue": "Rue, de Z à A", "bailleur": "Bailleur, de A à Z", "-bailleur": "Bailleur, de Z à A",
}  # fmt: skip
CHOICES = tuple(LABELS)
DEFAULT = "echeance"
# What the address does not write: where a dwelling is and who lets it stay out of the logs.
_PERSONAL = ("street", "lessor")


@dataclass(frozen=True)
class Order:
    """One order, read in one direction."""

    column: str
    descending: bool

    @classmethod
    def of(cls, choice: str) -> Order:
        return cls(COLUMNS[choice.removeprefix("-")], choice.startswith("-"))

    @property
    def backwards(self) -> Order:
        return Order(self.column, not self.descending)

    def sorted(self, items: WorkItemQuerySet) -> WorkItemQuerySet:
        sign = "-" if self.descending else ""
        return items.order_by(f"{sign}{self.column}", f"{sign}application_id", f"{sign}pk")

    def written(self, table: str) -> str:
        """The same order, as SQL says it of a table."""
        return ", ".join(f"{table}.{name}{' DESC' if self.descending else ''}" for name in (self.column, "application_id", "id"))

    def key(self, item: Any) -> str:
        """What the address says of a task, or of its row."""
        value = "" if self.column in _PERSONAL else getattr(item, self.column)
        return f"{value}_{item.application_id}_{item.pk}"

    def beyond(self, key: str, user: User) -> Q:
        """The rows that follow a key; a key that cannot be read starts again from the top."""
        try:
            value, application, pk = key.rsplit("_", 2)
            place = self._place(value, int(application), user), int(application), int(pk)
        except (ValueError, Application.DoesNotExist):
            return Q()
        if any(number > 2**63 - 1 for number in place[1:]):
            return Q()
        row = Func(F(self.column), F("application_id"), F("pk"), function="ROW", output_field=Field())
        limit = Func(*(Value(each) for each in place), function="ROW", output_field=Field())
        return Q(LessThan(row, limit) if self.descending else GreaterThan(row, limit))

    def _place(self, value: str, application: int, user: User) -> Any:
        """The value from which to go on; of a name or a street, the one that the case has, its task closed or not."""
        if self.column == "number":
            return value[:24]
        if self.column not in _PERSONAL:
            return date.fromisoformat(value)
        return projection.of(Application.objects.visible_to(user).get(pk=application))[self.column]
