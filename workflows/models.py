"""The engine's process of a case, and the worklist row of each open human task."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from viewflow.workflow.models import Process, Task

from accounts.enums import Role
from accounts.models import User
from inspections.enums import Severity
from permis.enums import State
from permis.models import Application
from territories.enums import Regime
from territories.models import Authority, Commune, Zone
from workflows.list_models import Absence, AssignmentRule, CaseVisit, ChosenColumns, SavedView

__all__ = [
    "Absence",
    "AssignmentRule",
    "CaseVisit",
    "ChosenColumns",
    "PermisProcess",
    "SavedView",
    "WorkItem",
    "WorkItemQuerySet",
]


class PermisProcess(Process):
    """Who must do what now for one case; it holds no law and no data of the case."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="process")

    class Meta:
        verbose_name = "procédure"


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def visible_to(self, user: User) -> WorkItemQuerySet:
        """Tasks of the authorities where a role of the person reads cases."""
        return self.filter(authority__in=user.authorities_as(*Role.reading_cases()))

    def followed_by(self, person: int) -> WorkItemQuerySet:
        """What a person has to do, or does as an officer with somebody else: a case at the signatory is still theirs."""
        return self.filter(Q(owner=person) | Q(officer=person))


class WorkItem(models.Model):
    """One open human task with all that a worklist filters, counts and sorts by, so that none of it reads the cases.

    Written by `workflows.projection` in the transaction of each action, deleted when the task closes: at a million cases it
    holds what is open, some tens of thousands of rows.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="work_items", db_index=False)
    task = models.OneToOneField(Task, models.CASCADE, related_name="work_item")
    node = models.CharField("tâche", max_length=40)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+", db_index=False)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+", db_index=False)
    zone = models.ForeignKey(Zone, models.SET_NULL, related_name="+", null=True, db_index=False)
    regime = models.CharField("régime", max_length=4, choices=Regime)
    state = models.CharField("état", max_length=20, choices=State)
    role = models.CharField("rôle", max_length=20, choices=Role)
    officer = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, db_index=False, verbose_name="instructeur du dossier"
    )
    owner = models.ForeignKey(
        User, models.SET_NULL, related_name="work_items", null=True, db_index=False, verbose_name="suivi par"
    )
    severity = models.CharField("gravité la plus haute constatée", max_length=1, choices=Severity, blank=True)
    legal_date = models.DateField("échéance légale", null=True)
    # Never empty, so that one comparison of rows says what follows a row; a case without a term comes after all the others.
    due_on = models.GeneratedField(
        expression=Coalesce(F("legal_date"), Value(date.max)), output_field=models.DateField(), db_persist=True
    )
    received_on = models.DateField("reçue le")
    number = models.CharField("numéro", max_length=24)
    street = models.CharField("voie, pour le tri", max_length=120)
    lessor = models.CharField("bailleur, pour le tri", max_length=120)
    words = models.TextField("mots de la recherche")
    opened_at = models.DateTimeField("ouverte le", auto_now_add=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche ouverte"
        verbose_name_plural = "tâches ouvertes"
        constraints = [models.UniqueConstraint(fields=["application", "node"], name="one_open_task_a_node")]
        indexes = [
            # One wide index instead of one for each filter and order. By legal date, which is how people work, a page is read
            # in order and stops at its last row. The counters, every filter and the other orders read what the authority has
            # open from the index alone: three thousand rows of the largest town are some eighty pages, sorted in a millisecond.
            models.Index(
                fields=["authority", "due_on", "application", "id"],
                include=[
                    "node", "commune", "zone", "regime", "state", "officer", "owner", "severity", "received_on", "number", "street", "lessor",
                ],
                name="worklist",
            ),
            # The words of a search, apart: they are longer than all the rest, and rarely asked.
            models.Index(fields=["authority"], include=["id", "words"], name="worklist_words"),
            # The communes and zones that a filter offers; equal rows are kept once, in some pages.
            models.Index(fields=["authority", "commune", "zone"], name="worklist_places"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.node}, {self.application}"
