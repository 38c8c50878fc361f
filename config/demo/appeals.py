"""Cases of the demo that are contested, heard or judged: each is led there by the actions, like the others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from documents import receiving
from documents.enums import FilePurpose
from permis.enums import ConditionMode, Means, Outcome
from permis.litigation import AppealChannel, HearingPurpose, Judgment, Suspension
from permis.models import Appeal, Application
from workflows.actions import act_notices, appeal_clock, appeals, completeness, court, hearing, taking_back, works

if TYPE_CHECKING:
    from config.demo.seed import Case

JUDGMENT = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ARGUMENTS = (
    "L’extracteur de la salle d’eau est posé depuis le mois dernier et la prise du séjour est remplacée : voyez les factures.\n\n"
    "Je demande l’autorisation, au besoin sous conditions."
)
NO_HEATING = "que le logement, visité après la naissance de l’autorisation, n’a pas de chauffage et n’est pas décent ;"


def _notified(case: Case, outcome: Outcome, mode: ConditionMode | str = "") -> Case:
    case.file().after(2).complete().after(1).visit(sound=False).after(3).propose(outcome, mode).after(3).sign().after(2)
    return case.notify(Means.REGISTERED_LETTER)


def _again(case: Case) -> Application:
    return Application.objects.get(pk=case.case.pk)


def _appeal(case: Case, *, after: int) -> Appeal:
    case.after(after)
    return appeals.file_appeal(_again(case), arguments=ARGUMENTS, channel=AppealChannel.LETTER, by=case.officer, on=case.day)


def _fall_silent(case: Case, appeal: Appeal) -> Appeal:
    """Two months without an answer, and one day."""
    assert appeal.implicit_rejection_on is not None
    case.day = appeal.implicit_rejection_on + timedelta(days=1)
    return appeal_clock.reject_by_silence(appeal, on=case.day)


def pending(case: Case) -> None:
    _notified(case, Outcome.REFUSED)
    _appeal(case, after=12)


def rejected(case: Case) -> None:
    """An appeal that the signatory rejected, and whose answer was notified."""
    _notified(case, Outcome.REFUSED)
    appeal = _appeal(case, after=20)
    case.after(25)
    reasons = "que les factures jointes ne portent pas sur ce logement ;"
    act = appeals.preview_rejection(appeal, reasons=reasons, by=case.signatory, on=case.day)
    appeals.reject(appeal, act=act, reasons=reasons, by=case.signatory, on=case.day)
    case.after(3)
    act_notices.notify_act(
        _again(case), act=act, means=Means.HAND, recipient="Mme Hélène Duprat", notified_on=case.day, by=case.officer, on=case.day
    )


def silent(case: Case) -> None:
    _notified(case, Outcome.CONDITIONAL, ConditionMode.PRIOR)
    _fall_silent(case, _appeal(case, after=15))


def _seized(case: Case, **facts: Any) -> Appeal:
    _notified(case, Outcome.REFUSED)
    _fall_silent(case, _appeal(case, after=15))
    case.after(20)
    return court.seize(
        _again(case), author=appeals.lessor_names(case.case), court_name="tribunal administratif de Bordeaux", court_number=f"{case.day.year % 100}0{case.rank:03d}4",
        received_on=case.day, defence_due_on=case.day + timedelta(days=60), by=case.cast.legal, on=case.day, **facts,
    )  # fmt: skip


def before_court(case: Case) -> None:
    _seized(case, suspension=Suspension.REJECTED)


def reopened(case: Case) -> None:
    """Annulled by the court a month ago, with an order to decide again within two months."""
    appeal, legal = _seized(case), case.cast.legal
    case.day = case.today - timedelta(days=25)
    file = receiving.receive(_again(case), ContentFile(JUDGMENT, name="jugement.pdf"), by=legal, purpose=FilePurpose.LITIGATION)
    court.judge(
        appeal, judgment=Judgment.ANNULLED_REEXAMINE, judged_on=case.day - timedelta(days=5), notified_on=case.day,
        judgment_sha256=file.sha256, reexamine_within_days=60, by=legal, on=case.day,
    )  # fmt: skip


def illegal(case: Case) -> None:
    """Silence has granted a dwelling whose building is under a police order: a letter waits for its answer."""
    case.file()
    completeness.settle_police_order(
        _again(case), in_force=True, reference="arrêté de mise en sécurité n° 2026-URB-009", by=case.officer, on=case.day
    )
    case.after(2).complete().fall_silent().after(25)
    sent = _letter(case, "L’immeuble est frappé par un arrêté de mise en sécurité.", HearingPurpose.REVOCATION)
    hearing.record_answer(sent, received_on=case.day, by=case.officer, on=case.day)


def revoked(case: Case) -> None:
    case.file().after(2).complete().fall_silent().after(10)
    sent = _letter(
        case, "Le logement, visité après la naissance de l’autorisation, n’a pas de chauffage.", HearingPurpose.REVOCATION
    )
    hearing.record_answer(sent, received_on=case.after(3).day, by=case.officer, on=case.day)
    case.after(25)
    act = taking_back.preview_revocation(_again(case), reasons=NO_HEATING, by=case.signatory, on=case.day)
    taking_back.revoke(_again(case), act=act, reasons=NO_HEATING, by=case.signatory, on=case.day)


def to_repeal(case: Case) -> None:
    """Works past their term, a letter whose time to answer has passed: the repeal can be signed."""
    _notified(case, Outcome.CONDITIONAL, ConditionMode.DEFERRED)
    case.after(95)
    held = [works.settle_work(work, met=False, by=case.inspector, on=case.day) for work in _again(case).decision.works.all()]
    sent = _letter(case, "La contre-visite n’a trouvé ni extracteur, ni prise remplacée.", HearingPurpose.REPEAL, works=held)
    hearing.record_answer(sent, received_on=case.after(2).day, by=case.officer, on=case.day)


def _letter(case: Case, reasons: str, purpose: HearingPurpose, **facts: Any) -> Any:
    return hearing.open_hearing(
        _again(case), purpose=purpose, reasons=reasons, means=Means.REGISTERED_LETTER, tracking_number=f"2C 171 {case.rank:03d} 0042 1",
        by=case.officer, on=case.day, **facts,
    )  # fmt: skip


# Days before today on which each was filed, and what happened to it since.
PLOTS: list[tuple[int, Callable[[Case], Any]]] = [
    (60, pending),
    (110, rejected),
    (125, silent),
    (160, before_court),
    (420, reopened),
    (100, illegal),
    (90, revoked),
    (150, to_repeal),
]
