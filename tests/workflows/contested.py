"""Cases that are contested, heard or judged, for the tests; and who may open the addresses of all that."""

from datetime import timedelta

from django.urls import reverse

from accounts.enums import Role
from permis.models import Application
from workflows.actions import appeal_clock, appeals, court, hearing, suspension, works

SIGN, LEGAL = {Role.SIGNATORY}, {Role.LEGAL}
HEAR = {Role.OFFICER, Role.MANAGER, Role.LEGAL}
# As the table of `test_rights.py`.
POLICY = {
    "case-hearing": (HEAR, "conditional"),
    "case-hearing-revocation": (HEAR, "conditional"),
    "case-hearing-answer": (HEAR, "conditional"),
    "case-hearing-drop": (HEAR, "conditional"),
    "application-observations": ("landlord", "conditional"),
    "case-revoke": (SIGN, "conditional"),
    "case-repeal": (SIGN, "conditional"),
    "case-notify-act": ({Role.OFFICER, Role.MANAGER}, "conditional"),
    "application-appeal": ("landlord", "conditional"),
    "application-reasons": ("landlord", "conditional"),
    "case-appeal": (HEAR, "conditional"),
    "appeal-answer": (SIGN, "conditional"),
    "appeal-reasons": (HEAR, "conditional"),
    "case-court": (LEGAL, "conditional"),
    "court-follow": (LEGAL, "conditional"),
    "court-judgment": (LEGAL, "conditional"),
    "application-withdraw-appeal": ("landlord", "conditional"),
    "appeal-withdraw": (HEAR, "conditional"),
    "court-suspension": (LEGAL, "conditional"),
    "court-suspension-end": (LEGAL, "conditional"),
    "litigation": (LEGAL | SIGN | {Role.MANAGER}, None),
}


def letter(case, by, *, on, works_of=None, **facts):
    """An adversarial letter before a repeal, for works found not done."""
    held = works_of or [works.settle_work(case.decision.works.first(), met=False, by=by, on=on)]
    return hearing.open_hearing(case, works=held, reasons="Rien n’est fait.", means="hand", by=by, on=on, **facts)


def seized(case, by, *, on, **facts):
    """An action before the court of Bordeaux."""
    known = {"author": "Mme Duprat", "court_name": "tribunal administratif de Bordeaux", "court_number": "2600001"}
    return court.seize(case, received_on=on, by=by, on=on, **known | facts)


def appealed(case, *, on, **facts):
    """An appeal that the landlord files online."""
    return appeals.file_appeal(case, arguments="Tout est fait.", by=case.applicant, on=on, **facts)


def silent(case, *, on):
    """The same, once two months have passed."""
    appeal = appealed(case, on=on)
    return appeal_clock.reject_by_silence(appeal, on=appeal.implicit_rejection_on + timedelta(1))


def address(name, case, boss):
    """The address of one of these screens, on a conditional permit of today."""
    today = case.authority.today()
    if name in ("case-hearing-answer", "case-hearing-drop", "application-observations"):
        return reverse(name, args=[case.pk, letter(case, boss, on=today).pk])
    if name == "case-notify-act":
        return reverse(name, args=[case.pk, case.acts.get(kind="decision_conditional").pk])
    if name.startswith("court-"):
        appeal = seized(case, boss, on=today)
        if name == "court-suspension-end":
            suspension.suspend(appeal, ordered_on=today, notified_on=today, order_sha256="b" * 64, by=boss, on=today)
        return reverse(name, args=[case.pk, appeal.pk])
    if name in ("appeal-answer", "application-withdraw-appeal", "appeal-withdraw"):
        return reverse(name, args=[case.pk, appealed(case, on=today).pk])
    if name in ("appeal-reasons", "application-reasons"):
        return reverse(name, args=[case.pk, silent(case, on=today).pk])
    return reverse(name, args=[case.pk])


def again(record):
    """The same row, as it is now."""
    return type(record).objects.get(pk=record.pk)


def state(case):
    return Application.objects.get(pk=case.pk).state
