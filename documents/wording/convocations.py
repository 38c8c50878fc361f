"""Convocations to a visit, for who reads no e-mail: what it is, who comes, that it may be refused (CCH L.635-3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from documents.content import Block, Content
from documents.facts import Case, VisitToMake
from documents.wording.passages import CODE, content, heading, item, note, paragraph, service_contacts, when


def to_landlord(case: Case, visit: VisitToMake, *, on: date) -> Content:
    """Convocation du bailleur à la visite de son logement."""
    return content(
        case,
        title="Convocation à une visite",
        subtitle="du logement que vous voulez louer",
        on=on,
        blocks=[
            paragraph(f"Une visite de votre logement est prévue {when(visit.starts_at, visit.ends_at)}. {_basis(visit)}"),
            _visitor(visit),
            paragraph(
                "Soyez présent ou faites-vous représenter, et prévenez l’occupant s’il y en a un : la visite se fait avec son "
                "accord."
            ),
            *_instructions(visit),
            *_how_to_change(),
            *service_contacts(case),
        ],
    )


def to_occupant(case: Case, visit: VisitToMake, *, recipient: list[str], on: date) -> Content:
    """Convocation de l’occupant, en mots simples."""
    return content(
        replace(case, recipient=recipient, lessors=[], agent=""),
        title="Une visite de votre logement",
        subtitle="dans le cadre du permis de louer",
        on=on,
        blocks=[
            paragraph(
                "Le propriétaire de votre logement demande l’autorisation de le louer. Pour répondre, la collectivité vérifie "
                "que le logement est sûr et en bon état. Une visite est prévue :"
            ),
            note(f"{when(visit.starts_at, visit.ends_at).removeprefix('le ').capitalize()}"),
            _visitor(visit),
            heading("Vos droits"),
            item(f"{_basis(visit)} Elle se fait toujours entre 6 heures et 21 heures ;"),
            item("vous pouvez refuser : personne n’entre chez vous sans votre accord. En cas de refus, seul un juge peut autoriser la visite (article L. 635-3 du même code) ;"),
            item("la visite porte sur le logement, pas sur vous. Elle est gratuite et ne vous oblige à rien ;"),
            item("vous pouvez demander à l’agent sa carte professionnelle avant d’ouvrir."),
            *_instructions(visit),
            *_how_to_change(),
            *service_contacts(case),
        ],
    )  # fmt: skip


def _basis(visit: VisitToMake) -> str:
    if visit.is_counter_visit:
        return "Elle constate les travaux demandés et se fait d’un commun accord."
    return f"La visite est prévue par l’article L. 635-3 du {CODE}."


def _visitor(visit: VisitToMake) -> Block:
    mandate = f" Cette personne visite pour la collectivité : {visit.mandate}." if visit.mandate else ""
    return paragraph(f"La visite est faite par {visit.inspector}.{mandate}")


def _instructions(visit: VisitToMake) -> list[Block]:
    return [note(visit.instructions)] if visit.instructions else []


def _how_to_change() -> list[Block]:
    return [
        heading("Si l’horaire ne convient pas"),
        paragraph("Appelez ou écrivez au service le plus tôt possible, pour convenir d’un autre rendez-vous."),
    ]
