"""What a date that a person types would do to a case, said in words before it is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.french import typeset
from permis import deadlines
from permis.correction import Settled
from permis.enums import State
from permis.models import Application


@dataclass(frozen=True)
class Effect:
    """The deadline and the state that follow; ``is_grave`` asks for a second, explicit confirmation."""

    lines: tuple[str, ...]
    is_grave: bool

    @classmethod
    def of_reception(cls, received_on: date, *, today: date) -> Effect:
        """What depositing an application received that day does."""
        last_day = deadlines.tacit_on(received_on)
        return cls((typeset(_deadline(last_day, today)),), deadlines.is_silence_expired(last_day, on=today))

    @classmethod
    def of_declaration(cls, received_on: date, *, today: date) -> Effect:
        """What depositing a declaration received that day does: its receipt is due within a week."""
        return cls((typeset(_receipt(deadlines.receipt_due_on(received_on), today)),), is_grave=False)

    @classmethod
    def of_correction(cls, case: Application, settled: Settled, *, today: date) -> Effect:
        """What a correction changes, from the values of the case before and after."""
        dates, before = settled.dates, State(case.state)
        expires = (
            settled.state in State.clock_running()
            and dates["tacit_on"] is not None
            and deadlines.is_silence_expired(dates["tacit_on"], on=today)
        )
        lines = [_corrected_deadline(case, settled, today)]
        if settled.state != before:
            lines.append(f"État : « {settled.state.label} », au lieu de « {before.label} ».")
        if settled.state == State.GRANTED_TACIT != before:
            lines.append(
                "La notification est postérieure à l’échéance : la décision serait sans effet, l’autorisation née du silence."
            )
        elif before == State.GRANTED_TACIT != settled.state:
            lines.append("Le mois n’est pas fini : le dossier serait rouvert, et l’autorisation tacite n’aurait jamais existé.")
        changes_term = dates["valid_until"] != case.valid_until
        if changes_term and dates["valid_until"] is not None:
            instead = f", au lieu du {case.valid_until:%d/%m/%Y}" if case.valid_until else ""
            lines.append(f"L’autorisation serait valable jusqu’au {dates['valid_until']:%d/%m/%Y}{instead}.")
        return cls(tuple(typeset(line) for line in lines), expires or settled.state != before or changes_term)

    @property
    def seal(self) -> str:
        """What was shown, word for word: a confirmation is worth nothing for another effect."""
        return " ".join(self.lines)


def _corrected_deadline(case: Application, settled: Settled, today: date) -> str:
    last_day = settled.dates["tacit_on"]
    if case.is_declaration and (due := settled.dates.get("receipt_due_on")) is not None:
        return _receipt(due, today, instead_of=case.receipt_due_on)
    if last_day is None:
        return "Le délai n’a pas commencé : aucune échéance ne change."
    if settled.state in State.clock_running():
        return _deadline(last_day, today, instead_of=case.tacit_on)
    return f"Dernier jour pour notifier : {last_day:%d/%m/%Y}{_instead(last_day, case.tacit_on)}."


def _receipt(due: date, today: date, instead_of: date | None = None) -> str:
    said = f"Récépissé dû le {due:%d/%m/%Y}{_instead(due, instead_of)}"
    return f"{said} ; ce jour est passé : répondez sans attendre." if today > due else f"{said}."


def _deadline(last_day: date, today: date, instead_of: date | None = None) -> str:
    said = f"Échéance : {last_day:%d/%m/%Y}{_instead(last_day, instead_of)}"
    if deadlines.is_silence_expired(last_day, on=today):
        return f"{said} ; elle est passée : l’autorisation tacite serait constatée aussitôt."
    left = (last_day - today).days
    return f"{said}, {'aujourd’hui même' if left == 0 else 'demain' if left == 1 else f'dans {left} jours'}."


def _instead(day: date, before: date | None) -> str:
    return f" (au lieu du {before:%d/%m/%Y})" if before not in (None, day) else ""
