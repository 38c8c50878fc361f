"""The simulator of deadlines, open to anybody: a story is composed, the law answers, nothing is kept."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views import View

from documents.french import typeset
from permis import simulation
from permis.breaches import SanctionState
from permis.enums import PieceKind, State
from permis.litigation import AppealState
from permis.simulation.case import INFERRED
from permis.simulation.story import Scenario
from permis.simulation.wording import WARNINGS
from workflows.forms.pasted_story import PastedStoryForm
from workflows.forms.simulator import (
    CHAPTERS,
    LABELS,
    MOST_EVENTS,
    EventForm,
    SituationForm,
    as_posted,
    lines,
    moved,
    with_line,
)  # fmt: skip
from workflows.public.examples import EXAMPLES

_PLACE = re.compile(r"events\[(\d+)\]\S*: ")
# In the order in which a reader meets them.
DATES = {
    "declaration_due_on": "À déclarer avant le",
    "receipt_due_on": "Récépissé dû le",
    "clock_started_on": "Le mois court depuis le",
    "officer_target_on": "Date visée par le service",
    "tacit_on": "Dernier jour pour notifier",
    "respond_by": "Pièces attendues avant le",
    "notified_on": "Décision notifiée le",
    "valid_until": "Autorisation valable jusqu’au",
    "withdrawable_until": "Retrait possible jusqu’au",
    "appeal_until": "Recours au tribunal jusqu’au",
    "implicit_rejection_on": "Recours gracieux rejeté, sans réponse, le",
    "observations_until": "Observations jusqu’au",
    "fine_barred_after": "Amende possible jusqu’au",
    "earliest_entry_into_force": "Entrée en vigueur au plus tôt le",
}


class SimulatorView(View):
    """Écran « Simulateur de délais »."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty story, or an example with its answer."""
        example = EXAMPLES.get(request.GET.get("exemple", ""))
        if example is None:
            return self.page(as_posted({"regime": "APML", "events": []}))
        return self.tell(as_posted(example[1]))

    def post(self, request: HttpRequest) -> HttpResponse:
        data = request.POST
        known = lines(data)
        if "paste" in data or ("tell" in data and not known and data.get("text", "").strip()):
            return self.paste(data)
        if "add" in data and data.get("new") in LABELS and len(known) < MOST_EVENTS:
            order = [form.number for form in known]
            return self.page(with_line(moved(data, order), data["new"], len(order)), focus=len(order))
        if "remove" in data:
            return self.page(moved(data, [form.number for form in known if str(form.number) != data["remove"]]))
        return self.tell(data)

    def paste(self, data: QueryDict) -> HttpResponse:
        """The answer to a story given as a text, which the lines then show; a text with faults leaves the lines as they were."""
        pasted = PastedStoryForm(data, self.request.FILES)
        if not pasted.is_valid():
            errors = [("id_text", str(error)) for messages in pasted.errors.values() for error in messages]
            return self.page(data, pasted=pasted, errors=errors, status=422)
        data = as_posted(pasted.story)
        situation, known = SituationForm(data), lines(data)
        if not _are_valid(situation, known):
            return self.refuse(data, situation, known, pasted=pasted)
        answer = simulation.answer(pasted.scenario)
        # What no line can hold stays a text, and is said.
        is_whole = _tells(situation, known, pasted.scenario)
        again = PastedStoryForm() if is_whole else PastedStoryForm(initial={"text": pasted["text"].value()})
        return self.page(
            data, situation=situation, known=known, story=pasted.story, answer=answer, pasted=again, is_whole=is_whole
        )

    def tell(self, data: QueryDict) -> HttpResponse:
        """The answer of the law, the lines set in order of time; what cannot be understood is told beside its line."""
        situation, known = SituationForm(data), lines(data)
        if not _are_valid(situation, known):
            return self.refuse(data, situation, known)
        data = moved(data, [form.number for form in sorted(known, key=lambda form: form.at)])
        situation, known = SituationForm(data), lines(data)
        if not _are_valid(situation, known):
            return self.refuse(data, situation, known)
        story = situation.scenario() | {"events": [form.event() for form in known]}
        try:
            answer = simulation.answer(simulation.read(story))
        except simulation.Faults as found:
            for line in found.lines:
                place = _PLACE.match(line)
                form = known[int(place[1])] if place else situation
                form.add_error(None, f"Cette ligne ne peut pas être comprise : {line[place.end() :]}" if place else line)
            return self.refuse(data, situation, known)
        return self.page(data, situation=situation, known=known, story=story, answer=answer)

    def refuse(
        self, data: QueryDict, situation: SituationForm, known: list[EventForm], pasted: PastedStoryForm | None = None
    ) -> HttpResponse:
        return self.page(data, situation=situation, known=known, pasted=pasted, errors=_errors(situation, known), status=422)

    def page(
        self,
        data: QueryDict,
        *,
        situation: SituationForm | None = None,
        known: list[EventForm] | None = None,
        story: dict[str, Any] | None = None,
        answer: dict[str, Any] | None = None,
        errors: list[tuple[str, str]] | None = None,
        focus: int | None = None,
        pasted: PastedStoryForm | None = None,
        is_whole: bool = True,
        status: int = 200,
    ) -> HttpResponse:
        known = [form.not_yet_judged() for form in lines(data)] if known is None else known
        context = {
            "situation": situation or SituationForm(data).not_yet_judged(),
            "lines": known,
            "pasted": pasted or PastedStoryForm.kept(data, self.request.FILES),
            "is_whole": is_whole,
            "chapters": CHAPTERS.items(),
            "examples": [(slug, title) for slug, (title, _) in EXAMPLES.items()],
            "chosen": self.request.GET.get("exemple", ""),
            "focus": focus,
            "is_full": len(known) >= MOST_EVENTS,
            "errors": errors,
            "answer": _readable(answer, known) if answer else None,
            "json": json.dumps(story, ensure_ascii=False, indent=2) if story else "",
        }
        return render(self.request, "workflows/simulator.html", context, status=status)


def _are_valid(situation: SituationForm, known: list[EventForm]) -> bool:
    return all([situation.is_valid(), *(form.is_valid() for form in known)])


def _tells(situation: SituationForm, known: list[EventForm], scenario: Scenario) -> bool:
    """Whether the lines tell this story: the same days and hours, and the same answer."""
    try:
        shown = simulation.read(situation.scenario() | {"events": [form.event() for form in known]})
    except simulation.Faults:
        return False
    return _moments(shown) == _moments(scenario) and simulation.answer(shown) == simulation.answer(scenario)


def _moments(scenario: Scenario) -> list[list[date]]:
    return [[event.at, *(each for each in event.facts.values() if isinstance(each, date))] for event in scenario.events]


def _errors(situation: SituationForm, known: list[EventForm]) -> list[tuple[str, str]]:
    """Every error of the page with the place it is about."""
    found = [("situation", str(error)) for error in situation.non_field_errors()]
    found += [(field.id_for_label, f"{field.label} : {error}") for field in situation for error in field.errors]
    for number, form in enumerate(known, start=1):
        found += [(f"ligne-{form.number}", f"Événement {number} : {error}") for error in form.non_field_errors()]
        found += [
            (field.id_for_label or field.auto_id, f"Événement {number}, {field.label} : {error}")
            for field in form
            for error in field.errors
        ]
    return found


def _readable(answer: dict[str, Any], known: list[EventForm]) -> dict[str, Any]:
    """The answer in words, for the page."""
    facts = [(label, _day(answer[name])) for name, label in DATES.items() if answer[name]]
    return {
        "state": State(answer["state"]) if answer["state"] else None,
        "sanction": SanctionState(answer["sanction"]).label if answer["sanction"] else "",
        "appeal": AppealState(answer["appeal"]).label if answer["appeal"] else "",
        "is_transferred": answer["holder"] == "transferee",
        "cap": answer["fine_cap"],
        "facts": facts,
        "missing": [PieceKind(kind).label for kind in answer["missing"]],
        "warnings": [typeset(WARNINGS[code]) for code in answer["warnings"]],
        "refused": [
            (refusal["event"] + 1, known[refusal["event"]].label, typeset(refusal["message"])) for refusal in answer["refused"]
        ],
        "is_inferred": any(line["what"].endswith(INFERRED) for line in answer["timeline"]),
        "timeline": [
            {"on": _day(line["on"]), "what": typeset(line["what"]), "basis": typeset(line["basis"])}
            for line in answer["timeline"]
        ],
    }


def _day(text: str) -> date:
    return date.fromisoformat(text)
