"""A permit after its decision: what a case of the rights table becomes then, and where its screens are."""

from django.urls import reverse

from permis.models import Application
from tests import factories
from workflows.actions import resubmission


def terms(stage, work):
    """What is decided, for the stage that is wanted."""
    if stage in ("granted", "transferred"):
        return {"outcome": "granted"}
    reasons = {"grounds": ["decency"], "works": [work]}
    return {"outcome": "refused", **reasons} if stage == "resubmitted" else {"outcome": "conditional", "mode": "prior", **reasons}


def later(stage, case, today):
    """The case once a buyer declared its transfer, or the draft that follows its refusal."""
    case = Application.objects.get(pk=case.pk)
    if stage == "transferred":
        factories.transfer(case, on=today)
    return resubmission.resubmit(case, by=case.applicant, on=today) if stage == "resubmitted" else case


def address(name, case):
    """The address of a screen about a transfer or about works asked for earlier."""
    about = case.transfers.get() if name == "case-transfer" else case.resubmits.decision.works.get()
    return reverse(name, args=[case.pk, about.pk])
