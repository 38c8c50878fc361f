"""The engine's process of a case, and the worklist row of each open human task."""

from __future__ import annotations

from django.db import models
from viewflow.workflow.models import Process, Task

from accounts.enums import Role
from accounts.models import User
from permis.models import Application
from territories.models import Authority, Commune


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


class WorkItem(models.Model):
    """One open human task, projected for the worklists in the transaction that opens it, deleted when it closes."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="work_items")
    task = models.OneToOneField(Task, models.CASCADE, related_name="work_item")
    node = models.CharField("tâche", max_length=40)
    authority = models.ForeignKey(Authority, models.CASCADE, related_name="+")
    commune = models.ForeignKey(Commune, models.CASCADE, related_name="+")
    role = models.CharField("rôle", max_length=20, choices=Role)
    owner = models.ForeignKey(User, models.SET_NULL, related_name="work_items", null=True, verbose_name="suivi par")
    legal_date = models.DateField("échéance légale", null=True)
    opened_at = models.DateTimeField("ouverte le", auto_now_add=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche ouverte"
        verbose_name_plural = "tâches ouvertes"
        constraints = [models.UniqueConstraint(fields=["application", "node"], name="one_open_task_a_node")]
        indexes = [models.Index(fields=["authority", "legal_date", "application"], name="worklist_by_legal_date")]

    def __str__(self) -> str:
        return f"{self.node}, {self.application}"
