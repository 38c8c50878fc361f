"""The report of a visit: written at the desk or from a phone, established, corrected, and what a danger calls for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from documents.french import of_name, typeset
from inspections import findings, grid, suggestion
from inspections.conflicts import contested
from inspections.enums import Conclusion, EntryKind, Measure, Reply, Severity, SignatureGiven, VisitState
from inspections.models import Entry, Visit
from inspections.suggestion import Suggestion
from inspections.survey import key_of
from permis.permissions import can_inspect, can_manage, can_read
from workflows import walkthrough
from workflows.actions import danger, report
from workflows.forms.fields import with_one_more
from workflows.forms.report import FindingFormSet, PoliceNoteForm, ReportForm, SettleForm
from workflows.views.inspection import VisitView
from workflows.walkthrough import Walk

FIELDS = ("code", "place", "description", "severity", "severity_reason", "basis", "work", "quick", "room")


class ReportView(VisitView):
    """Écran « Rapport de visite » : on l’écrit, on l’établit, on le corrige."""

    template_name = "workflows/report.html"
    form_class = ReportForm
    success_message = "Le rapport est établi. Son PDF est prêt dans une minute, parmi les actes du dossier."

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.last = self.visit.reports.order_by("-number").first()
            self.walk = walkthrough.of(self.visit, report=self.last)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if self.last is not None and "corriger" not in request.GET:
            return redirect("visit-report-read", pk=self.visit.pk)
        if self.visit.state not in (VisitState.PLANNED, VisitState.DONE):
            return self.overtaken()
        return super().get(request)

    def get_form_kwargs(self) -> dict[str, Any]:
        is_phone = self.walk is not None
        return {**super().get_form_kwargs(), "instance": self.visit, "from_phone": is_phone, "corrects": self.last}

    def get_initial(self) -> dict[str, Any]:
        if self.last is not None:
            return {name: getattr(self.last, name) for name in ("mandate", "signature", "others_conform")}
        initial: dict[str, Any] = {
            "mandate": self.visit.mandate_text or f"agent de visite, {self.case.authority.service}",
            "signature": _signature(self.walk),
        }
        return initial | (_said(self.walk) if self.walk and self.visit.state == VisitState.PLANNED else {})

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.get_form()
        seen = self._findings(request.POST)
        if "add" in request.POST:
            seen = self._findings(with_one_more(request.POST, "findings"))
            return self.render_to_response(self.get_context_data(form=form, findings=seen))
        if form.is_valid() & seen.is_valid():
            return self._save(form, seen)
        return self.render_to_response(self.get_context_data(form=form, findings=seen), status=422)

    def _save(self, form: ReportForm, seen: Any) -> HttpResponse:
        self.seen = seen.seen
        answer = super().form_valid(form)
        return (
            answer
            if answer.status_code == 302
            else self.render_to_response(self.get_context_data(form=form, findings=seen), status=422)
        )

    def act(self, *, conclusion: str, by: User, on: date, **said: Any) -> None:
        action = report.write_up if self.visit.state == VisitState.PLANNED else report.establish
        action(self.visit, conclusion=Conclusion(conclusion), findings=self.seen, by=by, on=on, **self._times(), **said)

    def _times(self) -> dict[str, Any]:
        """When it began and ended, as the phone noted it; a visit that is closed keeps what it has."""
        if self.walk is None or self.visit.state != VisitState.PLANNED:
            return {}
        noted = {"started_at": self.walk.moment(EntryKind.START), "finished_at": self.walk.moment(EntryKind.FINISH)}
        return {name: value for name, value in noted.items() if value is not None}

    def _findings(self, data: Any = None) -> Any:
        followed = grid.followed_by(self.visit)
        if data is not None:
            return FindingFormSet(data, prefix="findings", form_kwargs={"followed": followed})
        if self.visit.state == VisitState.PLANNED:
            known = findings.of_survey(self.walk.survey, followed) if self.walk else []
        else:
            known = [{name: getattr(each, name) for name in FIELDS} for each in self.visit.findings.order_by("position")]
        return FindingFormSet(prefix="findings", initial=known, form_kwargs={"followed": followed})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("findings", self._findings())
        return super().get_context_data(last=self.last, walk=self.walk, suggestion=_suggestion(self.visit, self.walk), **kwargs)

    def get_success_url(self) -> str:
        return reverse("visit-report-read", args=[self.visit.pk])


class ReportReadView(VisitView):
    """Écran « Rapport de visite » une fois établi : ses versions, ce qu’il dit, ce qui est arrivé depuis."""

    http_method_names = ["get"]
    template_name = "workflows/report_read.html"
    form_class = Form

    def is_allowed(self) -> bool:
        """Who visits, and everybody who reads the case."""
        return super().is_allowed() or can_read(self.case, self.request.user)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        self.versions = list(self.visit.reports.select_related("act", "author").order_by("-number"))
        if not self.versions:
            return redirect("visit-report", pk=self.visit.pk)
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        seen = list(self.visit.findings.order_by("position"))
        walk = walkthrough.of(self.visit, report=self.versions[0])
        return super().get_context_data(
            versions=self.versions,
            last=self.versions[0],
            walk=walk,
            findings=seen,
            suggestion=suggestion.of_findings(seen, grid.followed_by(self.visit)),
            has_danger=any(each.severity == Severity.DANGER for each in seen),
            can_manage=can_manage(self.case, self.request.user),
            can_inspect=can_inspect(self.case, self.request.user),
            **kwargs,
        )


@dataclass(frozen=True)
class Side:
    """One of two things said of the same point: in words, by whom, on which phone, when."""

    entry: Entry
    words: list[tuple[str, str]]
    is_standing: bool


class ConflictsView(VisitView):
    """Écran « Deux saisies différentes » : les deux côte à côte ; celle que l’on garde est écrite de nouveau."""

    template_name = "workflows/conflicts.html"
    form_class = SettleForm
    success_message = "C’est noté. L’autre saisie reste au dossier."

    def act(self, **cleaned: Any) -> None:
        report.settle_conflict(self.visit, **cleaned)

    def get_success_url(self) -> str:
        has_more = bool(contested(list(self.visit.entries.all())))
        return self.request.path if has_more else reverse("visit-report", args=[self.visit.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        walk = walkthrough.of(self.visit)
        return super().get_context_data(contested=_contested(walk) if walk else [], **kwargs)


class PoliceNoteView(VisitView):
    """Écran « Saisir le pouvoir de police » : la note préremplie, que le responsable corrige."""

    template_name = "workflows/police_note.html"
    form_class = PoliceNoteForm
    success_message = "La note est établie. Imprimez-la ou transmettez-la : elle est parmi les actes du dossier dans une minute."

    def is_allowed(self) -> bool:
        return can_manage(self.case, self.request.user)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if request.user.is_authenticated:
            self.dangers = list(self.visit.findings.filter(severity=Severity.DANGER).order_by("position"))

    def get_initial(self) -> dict[str, Any]:
        return {
            "recipient": f"Monsieur ou Madame le Maire\nMairie {of_name(self.case.commune.name)}",
            "seen": "\n".join(f"{each.place} : {each.description}" for each in self.dangers),
            "measures": "\n".join(each.work for each in self.dangers if each.work),
        }

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if not self.dangers:
            raise Http404
        return super().get(request)

    def act(self, **cleaned: Any) -> None:
        danger.police_note(self.visit, **cleaned)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(dangers=self.dangers, **kwargs)


def _signature(walk: Walk | None) -> str:
    if walk is not None and walk.signature["refused"]:
        return SignatureGiven.REFUSED
    return SignatureGiven.DRAWN if walk is not None and walk.strokes else SignatureGiven.NOT_ASKED


def _said(walk: Walk) -> dict[str, Any]:
    """What the phone says of a visit that nobody has closed yet, for the form."""
    concluded, people = walk.survey.get(EntryKind.CONCLUSION), walk.people
    present = " – ".join(str(people[name]) for name in ("present", "capacity") if people.get(name))
    return {
        "conclusion": concluded.get("conclusion", ""),
        "report": concluded.get("text", ""),
        "people_present": present[:250],
        "consent": people.get("consent"),
        "rooms_not_visited": walk.rooms_not_visited[:250],
    }


def _suggestion(visit: Visit, walk: Walk | None) -> Suggestion | None:
    """What is proposed, with its reasons, before the report is established."""
    followed = grid.followed_by(visit)
    if walk is not None:
        return suggestion.suggest(walk.survey, followed)
    found = list(visit.findings.order_by("position"))
    return suggestion.of_findings(found, followed) if visit.state == VisitState.DONE else None


def _contested(walk: Walk) -> list[tuple[str, list[Side]]]:
    """Each contested point by its name, with all that was said of it, what stands first."""
    titles = {
        key_of(EntryKind.ANSWER, {"room": line.room, "code": line.code}): f"{line.code} – {line.title}"
        for part in walk.parts
        for line in part.lines
    }
    found = []
    for key, entries in contested(walk.entries).items():
        place = findings.place_of(walk.survey, entries[0].payload)
        name = titles.get(key) or str(EntryKind(entries[0].kind).label)
        title = ", ".join(part for part in (name, place) if part)
        found.append((title, [Side(entry, words(entry), entry.conflicts_with_id is None) for entry in entries]))
    return found


_NAMES = {
    "reply": "Réponse",
    "note": "Remarque",
    "severity": "Gravité",
    "reason": "Raison",
    "value": "Valeur",
    "name": "Nom",
    "kind": "Nature",
    "visited": "Visitée",
    "caption": "Légende",
    "present": "Personnes présentes",
    "capacity": "Qualité",
    "consent": "Accord de l’occupant",
    "consent_note": "Précision",
    "conclusion": "Conclusion",
    "text": "Observations",
    "refused": "Refus de signer",
    "outcome": "Issue",
    "at": "Heure",
    "quick": "Travaux rapides",
}
_VALUES = {
    **{str(each.value): str(each.label) for kind in (Reply, Conclusion, Severity, Measure) for each in kind},
    "True": "Oui",
    "False": "Non",
}


def words(entry: Entry) -> list[tuple[str, str]]:
    """What an entry says, field by field, in French."""
    if entry.kind == EntryKind.PHOTO_REMOVED:
        return [("Photo", "Ôtée")]
    said = []
    for name, label in _NAMES.items():
        value = entry.payload.get(name)
        if value not in (None, "", []):
            text = value if isinstance(value, str) else json.dumps(value) if isinstance(value, list | dict) else str(value)
            said.append((label, typeset(_VALUES.get(text, text))))
    return said
