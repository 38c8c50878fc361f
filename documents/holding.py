"""Whose a document is: a file or an act belongs to one case or to one sanction, and its bytes rest in that owner's folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from permis.models import Application, Sanction

if TYPE_CHECKING:
    from territories.models import Authority

Owner = Application | Sanction
_SANCTION = "sanction-"
_CHUNK = 1000


class Held(models.Model):
    """What belongs to a case or to a sanction; each says by its own two keys which."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        application: models.ForeignKey[Application | None, Application | None]
        application_id: int | None
        sanction: models.ForeignKey[Sanction | None, Sanction | None]
        sanction_id: int | None

    @property
    def owner(self) -> Owner:
        owner = self.application or self.sanction
        assert owner is not None  # held by a constraint of the database
        return owner

    def belongs_to(self, owner: Owner) -> bool:
        """Asked of its own keys, without a query."""
        return owner.pk == (self.application_id if isinstance(owner, Application) else self.sanction_id)

    @property
    def case(self) -> Application:
        """The case, for what only the documents of a case can be asked."""
        assert self.application is not None
        return self.application

    @property
    def authority(self) -> Authority:
        return self.owner.authority

    @property
    def folder(self) -> str:
        """`authority/case` or `authority/sanction-N`: two owners never share an object."""
        return folder(self.owner)


def belongs_to_one(name: str) -> models.CheckConstraint:
    """The constraint that holds it: one owner, not two, not none."""
    return models.CheckConstraint(
        name=name,
        condition=Q(application__isnull=False, sanction__isnull=True) | Q(application__isnull=True, sanction__isnull=False),
        violation_error_message="Un document appartient à un dossier ou à une sanction.",
    )


def by(owner: Owner) -> dict[str, Any]:
    """The field that names this owner, for a new row."""
    return {"application" if isinstance(owner, Application) else "sanction": owner}


def folder(owner: Owner) -> str:
    return owner.storage_folder if isinstance(owner, Application) else f"{owner.authority_id}/{_SANCTION}{owner.pk}"


def is_owner(name: str) -> bool:
    """Whether the second part of a key names a case or a sanction."""
    return name.removeprefix(_SANCTION).isdecimal()


def of_owners(names: Collection[str]) -> Q:
    """What belongs to the owners that these second parts of keys name."""
    sanctions = [int(name.removeprefix(_SANCTION)) for name in names if name.startswith(_SANCTION)]
    cases = [int(name) for name in names if not name.startswith(_SANCTION)]
    return Q(application__in=cases) | Q(sanction__in=sanctions)


def owners_of(records: models.QuerySet[Any]) -> Iterator[str]:
    """The owners of these rows, each once, as the second parts of their keys."""
    for field, prefix in (("application_id", ""), ("sanction_id", _SANCTION)):
        found = records.filter(**{f"{field}__isnull": False}).order_by(field).values_list(field, flat=True).distinct()
        for pk in found.iterator(chunk_size=_CHUNK):
            yield f"{prefix}{pk}"
