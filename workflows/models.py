"""The engine's process of a case, and the worklist row of each open human task."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
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
from workflows.exports.models import Export, ExportRecord, OpenDataset
from workflows.list_models import Absence, AssignmentRule, CaseVisit, ChosenColumns, SavedView

__all__ = [
    "Absence",
    "ActionSheet",
    "AssignmentRule",
    "CaseTally",
    "CaseVisit",
    "ChosenColumns",
    "Export",
    "ExportRecord",
    "OpenDataset",
    "PermisProcess",
    "SavedView",
    "Tally",
    "WorkItem",
    "WorkItemQuerySet",
]


class PermisProcess(Process):
    """Who must do what now for one case; it holds no law and no data of the case."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="process")

    # Set by `flows.advance` while it runs: what the case calls for, what of it nobody has open yet, what the engine opened.
    wanted: set[str]
    missing: set[str]
    opened: list[Task]

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
    # Of `workflows.standing`: so that a page reads neither the case nor its dwelling, its lessor and its works.
    shown = models.JSONField("ce que la ligne montre du dossier")
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
            # The counts of the tabs, which every page asks: a tenth of the pages of the wide one.
            models.Index(fields=["authority", "node"], include=["due_on", "application"], name="worklist_counts"),
            # The communes and zones that a filter offers; equal rows are kept once, in some pages.
            models.Index(fields=["authority", "commune", "zone"], name="worklist_places"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.node}, {self.application}"


class CaseTally(models.Model):
    """What one case adds to the figures today, as the last action left it: the cases behind a figure are found by its lines.

    ``lines`` and ``counts`` go by pairs; a line is written ``authority|measure|day|key``, see `statistics.tally`.
    """

    application = models.OneToOneField(Application, models.CASCADE, related_name="tally", primary_key=True)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+", db_index=False)
    regime = models.CharField("régime", max_length=4, choices=Regime)
    lines = ArrayField(models.CharField(max_length=80), verbose_name="lignes")
    counts = ArrayField(models.PositiveIntegerField(), verbose_name="nombres")

    class Meta:
        verbose_name = "part d’un dossier dans les chiffres"
        verbose_name_plural = "parts des dossiers dans les chiffres"
        indexes = [GinIndex(fields=["lines"], name="cases_behind_a_figure")]

    def __str__(self) -> str:
        return f"{self.application}, {len(self.lines)} lignes"


class Tally(models.Model):
    """One line of the figures of a commune. The sum of the rows of a line is the figure; a row may well be negative.

    An action only adds rows, in its own transaction: two actions of one commune never wait for each other. A periodic task
    folds them into the one row of their line.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+", db_index=False)
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+", db_index=False)
    regime = models.CharField("régime", max_length=4, choices=Regime)
    measure = models.CharField("mesure", max_length=12)
    day = models.DateField("jour")
    key = models.CharField("valeur", max_length=40)
    n = models.IntegerField("nombre")
    folded = models.BooleanField("repliée", default=False)

    class Meta:
        verbose_name = "ligne des chiffres"
        verbose_name_plural = "lignes des chiffres"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "commune", "measure", "day", "regime", "key"],
                name="one_folded_row_a_line",
                condition=Q(folded=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["authority", "commune", "measure", "day"], include=["regime", "key", "n"], name="figures_of_a_commune"
            ),
            models.Index(fields=["id"], name="figures_to_fold", condition=Q(folded=False)),
            models.Index(fields=["id"], name="figures_at_zero", condition=Q(folded=True, n=0)),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.day} {self.key}, {self.commune}, {self.n}"


class ActionSheet(models.Model):
    """What an authority writes each year on the follow-up sheet of its action; the indicators beside are counted, never typed."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField("année")
    axis = models.CharField(
        "axe de la convention", max_length=200, blank=True, help_text="Par exemple « Logement et cadre de vie »."
    )
    action = models.CharField("action", max_length=200, default="Permis de louer")
    pilot = models.CharField("pilote", max_length=200, blank=True)
    partners = models.CharField("partenaires", max_length=400, blank=True, help_text="CAF, MSA, ADIL, opérateur de visites…")
    objectives = models.TextField("objectifs", blank=True)
    assessment = models.TextField("bilan de l’année", blank=True)
    outlook = models.TextField("perspectives", blank=True)
    changed_by = models.ForeignKey(
        User, models.SET_NULL, related_name="+", null=True, editable=False, verbose_name="modifiée par"
    )
    changed_at = models.DateTimeField("modifiée le", auto_now=True, null=True)

    class Meta:
        verbose_name = "fiche de suivi"
        verbose_name_plural = "fiches de suivi"
        constraints = [models.UniqueConstraint(fields=["authority", "year"], name="one_action_sheet_a_year")]

    def __str__(self) -> str:
        return f"{self.action} {self.year}, {self.authority}"
