"""The same graph as `workflows/flows.py` written as a tutorial of viewflow would: conditions read the data of the process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.flow import views
from viewflow.workflow.models import Process


class NextForm(forms.ModelForm):
    class Meta:
        model = Process
        fields: list[str] = []


def _wants(name: str) -> Callable[[Any], bool]:
    return lambda activation: name in activation.process.data["next"]


def _is_over(activation: Any) -> bool:
    return not activation.process.data["next"]


def _task() -> flow.View:
    return flow.View(views.UpdateProcessView.as_view(form_class=NextForm))


def _gateway(*names: str) -> flow.Split:
    gateway = flow.Split()
    for name in names:
        gateway = gateway.Next(getattr(this, name), _wants(name))
    return gateway.Next(this.end, _is_over)


class StockFlow(flow.Flow):
    """Nodes and edges are those of `PermisFlow`, with their names."""

    process_class = Process

    start = flow.StartHandle(this.begin).Next(this.after_deposit)
    after_deposit = _gateway("check_pieces")
    check_pieces = _task().Next(this.after_check)
    after_check = _gateway("provide_pieces", "plan_visit", "visit_dwelling", "draft_decision")
    provide_pieces = _task().Next(this.after_pieces)
    after_pieces = _gateway("check_answer", "plan_visit", "visit_dwelling", "draft_decision")
    check_answer = _task().Next(this.after_answer)
    after_answer = _gateway("provide_pieces", "plan_visit", "visit_dwelling", "draft_decision")
    plan_visit = _task().Next(this.after_planning)
    after_planning = _gateway("visit_dwelling", "draft_decision", "provide_pieces", "plan_visit")
    visit_dwelling = _task().Next(this.after_visit)
    after_visit = _gateway("draft_decision", "plan_visit", "provide_pieces", "visit_dwelling")
    draft_decision = _task().Next(this.after_draft)
    after_draft = _gateway("visa_decision", "sign_decision", "plan_visit", "visit_dwelling", "provide_pieces", "draft_decision")
    visa_decision = _task().Next(this.after_visa)
    after_visa = _gateway("sign_decision", "draft_decision", "visa_decision")
    sign_decision = _task().Next(this.after_signature)
    after_signature = _gateway("notify_decision", "draft_decision", "visa_decision", "sign_decision")
    notify_decision = _task().Next(this.after_notice)
    after_notice = _gateway("check_works", "lift_conditions", "notify_decision")
    check_works = _task().Next(this.after_works)
    after_works = _gateway("lift_conditions", "check_works")
    lift_conditions = _task().Next(this.after_lifting)
    after_lifting = _gateway("lift_conditions", "check_works")
    end = flow.End()

    def begin(self, activation: Any, first: str) -> Process:
        activation.process.data = {"next": [first]}
        return activation.process
