"""Every date the law computes, as pure functions of dates: no clock, no database, no settings, the standard library alone.

Months are counted date to date and end on the last day of the month where there is no such day. The period whose silence
grants the permit is never moved by a Sunday or a holiday; periods given to a person move to the next working day.
"""

from calendar import monthrange
from collections.abc import Container
from datetime import date, time, timedelta

NO_HOLIDAYS: Container[date] = frozenset()
VISIT_HOURS = (time(6), time(21))
READING_DAYS = 15
ALERT_DAYS = (10, 5, 2)
WORKS_REMINDER_DAYS = (30, 7, -1)
ANSWER_DAYS = 15
DECLARATION_DAYS = 15
RECEIPT_DAYS = 7
CONTEST_DAYS = 5
LATE_NOTICE_DAYS = 5
LAPSE_WARNING_DAYS = (90, 30)
BAR_ALERT_DAYS = (90, 30, 7)
REPEAT_MONTHS = 36
LEGALITY_DAYS = 15


def add_months(day: date, months: int) -> date:
    """Le même quantième ``months`` mois plus tard, ou le dernier jour du mois."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_working_day(day: date, holidays: Container[date] = NO_HOLIDAYS) -> bool:
    """Ni samedi, ni dimanche, ni jour férié du territoire."""
    return day.weekday() < 5 and day not in holidays


def next_working_day(day: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Le jour même s’il est ouvré, sinon le premier jour ouvré qui suit."""
    while not is_working_day(day, holidays):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Le jour même s’il est ouvré, sinon le dernier jour ouvré qui précède."""
    while not is_working_day(day, holidays):
        day -= timedelta(days=1)
    return day


def add_working_days(day: date, count: int, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Le ``count``-ième jour ouvré qui suit ``day``."""
    for _ in range(count):
        day = next_working_day(day + timedelta(days=1), holidays)
    return day


def tacit_on(clock_started_on: date) -> date:
    """Dernier jour pour notifier : un mois après la réception (CCH L.635-4). Never extended."""
    return add_months(clock_started_on, 1)


def officer_target_on(tacit_on: date) -> date:
    """Date visée par le service : la veille du dernier jour, telle qu’elle tombe."""
    return tacit_on - timedelta(days=1)


def alerts_on(tacit_on: date, holidays: Container[date] = NO_HOLIDAYS) -> list[date]:
    """Alertes avant l’échéance : dix, cinq et deux jours avant, la dernière au plus tard le jour ouvré qui précède la date visée."""
    last = previous_working_day(officer_target_on(tacit_on) - timedelta(days=1), holidays)
    days = [tacit_on - timedelta(days=before) for before in ALERT_DAYS]
    return [*days[:-1], min(days[-1], last)]


def is_silence_expired(tacit_on: date, *, on: date, held_until: date | None = None) -> bool:
    """Silence gardé : le dernier jour est passé et aucune mise à disposition en ligne n’est en cours de lecture (L.635-4)."""
    return on > tacit_on and (held_until is None or on > held_until)


def reading_ends_on(available_on: date) -> date:
    """Dernier jour pour ouvrir un document mis à disposition en ligne : quinze jours (CRPA R.112-20)."""
    return available_on + timedelta(days=READING_DAYS)


def respond_by(requested: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Date limite pour fournir les pièces, reportée au premier jour ouvré (CRPA L.114-5)."""
    return next_working_day(requested, holidays)


def contest_until(completed_on: date) -> date:
    """Dernier jour pour contester les pièces reçues qui ont fait repartir le mois : cinq jours, sans report."""
    return completed_on + timedelta(days=CONTEST_DAYS)


def is_late_notice(tacit_on: date, *, on: date) -> bool:
    """Demande de pièces faite dans les cinq derniers jours du mois : permise par les textes, mais signalée (CRPA L.114-3)."""
    return 0 <= (tacit_on - on).days < LATE_NOTICE_DAYS


def acknowledgement_due_on(received_on: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Dernier jour pour l’accusé de réception : dix jours ouvrés (CRPA R.112-11-2)."""
    return add_working_days(received_on, 10, holidays)


def valid_until(delivered_on: date) -> date:
    """Dernier jour de l’autorisation : deux ans après sa délivrance (CCH R.635-3)."""
    return add_months(delivered_on, 24)


def withdrawable_until(taken_on: date) -> date:
    """Dernier jour pour retirer une décision illégale : quatre mois (CRPA L.242-1)."""
    return add_months(taken_on, 4)


def appeal_until(start: date, *, abroad: bool = False, overseas: bool = False, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Dernier jour pour saisir le tribunal : deux mois francs, plus la distance (CJA R.421-1, R.421-7)."""
    months = 2 + (2 if abroad else 1 if overseas else 0)
    return next_working_day(add_months(start, months) + timedelta(days=1), holidays)


def reasonable_until(notified_on: date) -> date:
    """Dernier jour raisonnable pour saisir le juge d’une décision sans voies de recours : un an (CE, 13 juillet 2016, n° 387763)."""
    return add_months(notified_on, 12)


def works_reminders_on(due_on: date) -> list[date]:
    """Rappels de travaux prescrits : trente et sept jours avant leur terme, puis le lendemain de ce terme."""
    return [due_on - timedelta(days=before) for before in WORKS_REMINDER_DAYS]


def answer_by(received_on: date, holidays: Container[date] = NO_HOLIDAYS, *, days: int = ANSWER_DAYS) -> date:
    """Dernier jour pour répondre à une lettre contradictoire, reporté au premier jour ouvré (CRPA L.122-1).

    The text asks only that the person could answer; fifteen days is the usage, and the sanctions have their own month.
    """
    return next_working_day(received_on + timedelta(days=days), holidays)


def implicit_rejection_on(received_on: date) -> date:
    """Jour où le silence gardé sur un recours gracieux vaut rejet : deux mois (CRPA L.411-7)."""
    return add_months(received_on, 2)


def reasons_due_on(asked_on: date) -> date:
    """Dernier jour pour donner les motifs d’un rejet né du silence : un mois (CRPA L.232-4)."""
    return add_months(asked_on, 1)


def reexamine_by(judged_on: date, days: int) -> date:
    """Dernier jour fixé par le juge pour décider de nouveau."""
    return judged_on + timedelta(days=days)


def judge_s_term(reexamine_by: date, completed_on: date | None = None) -> date:
    """Dernier jour pour décider de nouveau : le terme du juge, que des pièces demandées ne déplacent pas.

    Where the last of them came after it, that very day: no silence is older than the pieces it rests on.
    """
    return max(reexamine_by, completed_on) if completed_on is not None else reexamine_by


def lapse_warnings_on(valid_until: date) -> list[date]:
    """Avertissements avant la caducité : quatre-vingt-dix, puis trente jours avant."""
    return [valid_until - timedelta(days=before) for before in LAPSE_WARNING_DAYS]


def declaration_due_on(lease_signed_on: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Dernier jour pour déclarer une mise en location : quinze jours après la conclusion du bail (CCH L.634-3)."""
    return next_working_day(lease_signed_on + timedelta(days=DECLARATION_DAYS), holidays)


def receipt_due_on(received_on: date) -> date:
    """Dernier jour pour délivrer le récépissé d’une déclaration : une semaine (CCH R.634-3)."""
    return received_on + timedelta(days=RECEIPT_DAYS)


def completion_until(asked_on: date, wanted: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Dernier jour pour compléter une déclaration : le délai fixé, un mois au plus, reporté au premier jour ouvré (R.634-3)."""
    return next_working_day(min(wanted, add_months(asked_on, 1)), holidays)


def observations_until(received_on: date, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """Dernier jour pour présenter ses observations avant une amende : un mois (CCH R.634-4, R.635-4)."""
    return next_working_day(add_months(received_on, 1), holidays)


def fine_barred_after(found_on: date) -> date:
    """Dernier jour pour prononcer une amende : un an après le constat (CCH L.634-4, L.635-7)."""
    return add_months(found_on, 12)


def bar_alerts_on(barred_after: date) -> list[date]:
    """Alertes avant la prescription d’une amende : quatre-vingt-dix, trente et sept jours avant."""
    return [barred_after - timedelta(days=before) for before in BAR_ALERT_DAYS]


def repeat_sought_since(found_on: date) -> date:
    """Le plus ancien constat dont un nouveau manquement peut être la récidive : trois ans (CCH L.635-7)."""
    return add_months(found_on, -REPEAT_MONTHS)


def is_repeated(found_on: date, previous_on: date | None) -> bool:
    """Nouveau manquement dans les trois ans d’un premier (CCH L.635-7)."""
    return previous_on is not None and previous_on < found_on <= add_months(previous_on, REPEAT_MONTHS)


def delegation_warned_on(ends_on: date) -> date:
    """Jour d’annonce de la fin d’une délégation : douze mois avant."""
    return add_months(ends_on, -12)


def earliest_entry_into_force(published_on: date) -> date:
    """Première entrée en vigueur possible d’un périmètre : six mois après la publication (CCH L.635-1 II)."""
    return add_months(published_on, 6)


def is_within_visit_hours(start: time, end: time) -> bool:
    """Visite entre 6 h et 21 h (CCH L.635-3)."""
    opening, closing = VISIT_HOURS
    return opening <= start <= end <= closing


def is_first_visit_within_term(visit_on: date, tacit_on: date | None) -> bool:
    """La première visite se fait dans le mois de la décision (CCH L.635-3)."""
    return tacit_on is None or visit_on <= tacit_on


def transmitted_by(opened_on: date, days: int) -> date:
    """Jour où une transmission doit être partie ; les textes n’en fixent pas, la collectivité oui (CCH L.635-2, L.635-6, L.635-10)."""
    return opened_on + timedelta(days=days)


def legality_control_by(signed_on: date) -> date:
    """Dernier jour pour transmettre une décision individuelle au contrôle de légalité : quinze jours (CGCT L.2131-1)."""
    return signed_on + timedelta(days=LEGALITY_DAYS)


def report_due_on(year: int, month: int) -> date:
    """Jour où le rapport d’une année est dû : la fin du mois que la collectivité a choisi, l’année suivante (CCH L.635-1 III)."""
    return date(year + 1, month, monthrange(year + 1, month)[1])
