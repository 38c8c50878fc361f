"""Who may open each address, as `rights` says, compared with the addresses that exist.

Every address is tried by: nobody signed in, a stranger with every role in another town, a person of this town without the
right role, and the person whose screen it is.
"""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import get_resolver, reverse

from accounts.enums import Role
from accounts.models import User
from documents import examining
from documents.models import Act, Blurring, StoredFile
from inspections.models import Device, Operator, Visit
from permis.enums import PieceKind
from permis.models import Application
from tests import factories
from tests.documents import pictures
from tests.workflows import contested, desk_lists, partners, permits
from tests.workflows.rights import (
    ACCOUNT,
    CONVOKED,
    DEMO_ONLY,
    EXPORTED,
    PARTNERS,
    PHONE,
    POLICY,
    POST_ONLY,
    PUBLIC,
    SANCTIONS,
    SIGNED,
    STAFF,
    TRANSFERRED,
)
from workflows.actions import (
    appointments,
    completeness,
    consent,
    decision,
    gathering,
    grid_editions,
    inspection,
    intake,
    notification,
    opinions,
    works,
)

pytestmark = pytest.mark.django_db


def names():
    return {key for key in get_resolver().reverse_dict if isinstance(key, str)}


def test_every_address_has_a_policy():
    known = set(POLICY) | PUBLIC | CONVOKED | TRANSFERRED | SIGNED | PHONE | PARTNERS | EXPORTED | DEMO_ONLY | SANCTIONS
    assert {name for name in names() if not name.startswith(ACCOUNT)} - known == set()
    assert set(POLICY) - names() == set()


@pytest.fixture
def boss(town):
    return factories.member(town, *STAFF)


def at(stage, town, boss):
    """A case of this town led to a stage by the actions, with today's dates."""
    today = town.today()
    draft = factories.ApplicationFactory(authority=town)
    if stage == "struck":
        factories.PoliceOrderFactory(authority=town, commune=draft.commune)
    if stage == "to_vise":
        factories.want_visas(town, 1, by=boss)
    kinds = [PieceKind.PHOTOS] if stage == "incomplete" else [PieceKind.DPE]
    gathering.add_piece(draft, kinds=kinds, upload=factories.upload(), by=draft.applicant, on=today)
    if stage == "draft":
        return draft
    case = intake.submit(draft, by=draft.applicant, on=today)
    if stage == "incomplete":
        return completeness.request_missing(case, kinds=[PieceKind.DPE], respond_by=today + timedelta(30), by=boss, on=today)
    if stage in ("submitted", "struck"):
        return case
    case = completeness.declare_complete(case, by=boss, on=today)
    if stage == "reviewed":
        return case
    noon = datetime.combine(today, datetime.min.time(), tzinfo=UTC) + timedelta(hours=11)
    visit = appointments.plan_visit(case, inspector=boss, starts_at=noon, ends_at=noon + timedelta(hours=1), by=boss, on=today)
    if stage == "planned":
        return case
    if stage == "refused_access":
        inspection.record_access_refused(visit, by=boss, on=today)
        return case
    danger = [{"place": "Escalier", "description": "Garde-corps descellé", "severity": "D"}] if stage == "dangerous" else []
    inspection.record_visit(visit, conclusion="reserves", findings=danger, by=boss, on=today)
    if stage in ("visited", "dangerous"):
        return case
    return _decided(stage, case, boss, today)


def _decided(stage, case, boss, today):
    work = {
        "place": "Séjour",
        "finding": "Prise descellée",
        "evidence": "Rapport de visite",
        "basis": "décret 2002-120",
        "work": "Remplacer",
    }
    decision.propose_decision(case, **permits.terms(stage, work), by=boss, on=today)
    case = Application.objects.get(pk=case.pk)
    preview = decision.preview(case, by=boss, on=today)
    if stage in ("proposed", "to_vise"):
        return case
    case = decision.sign(case, act=preview, by=boss, on=today)
    if stage == "signed":
        return case
    if stage == "available":
        consent.give(case, by=case.applicant, on=today)
        notification.make_available(case, by=boss, on=today)
        return case
    case = notification.notify(case, means="hand", notified_on=today, recipient="le bailleur", by=boss, on=today)
    if stage == "lifting":
        works.settle_work(case.decision.works.get(), met=True, by=boss, on=today)
    return permits.later(stage, case, today)


def landlord_photo(case):
    """A photo given by the landlord, on which a person was blurred."""
    upload = factories.upload(pictures.jpeg(), "salon.jpg")
    today = case.authority.today()
    piece, *_ = gathering.add_piece(case, kinds=[PieceKind.PHOTOS], upload=upload, by=case.applicant, on=today)
    file = examining.examine(StoredFile.objects.select_related("application").get(pk=piece.file_id))
    Blurring.objects.create(file=file, has_people=True, regions=[[0.1, 0.1, 0.2, 0.2]], made_by=case.applicant)
    return file


def boss_of(case):
    return User.objects.filter(memberships__authority=case.authority, memberships__role=Role.OFFICER).order_by("pk").first()


def address(name, case):
    """The address of a screen for this case."""
    if name in contested.POLICY and case:
        return contested.address(name, case, boss_of(case))
    if name in ("file", "file-page"):
        file = examining.examine(case.files.first())
        return reverse(name, args=[file.pk] if name == "file" else [file.pk, 1])
    if name == "upload-forget":
        announced = {"name": "dpe.pdf", "size": 9, "content_type": "application/pdf"}
        file, _ = gathering.announce_file(case, by=case.applicant, **announced)
        return reverse(name, args=[case.pk, file.pk])
    if name in ("upload-done", "file-pages"):
        return reverse(name, args=[case.pk, case.files.first().pk])
    if name in ("act", "act-page"):
        act = Act.objects.get(application=case, kind="decision_conditional")
        return reverse(name, args=[act.pk] if name == "act" else [act.pk, 1])
    if name.startswith("visit-") and name not in ("visit-day", "visit-calendar", "visit-routine"):
        return reverse(name, args=[Visit.objects.get(application=case).pk])
    if name in ("case-verdict", "case-verdict-undo"):
        return reverse(name, args=[case.pk, case.pieces.first().kind])
    if name in ("application-remove-piece", "piece-facts"):
        return reverse(name, args=[case.pk, case.pieces.first().pk])
    if name in ("application-work-done", "case-transfer"):
        return permits.address(name, case)
    if name == "application-prove-work":
        return reverse(name, args=[case.pk, case.decision.works.get().pk])
    if name == "case-opinion-record":
        asked = {"adviser": "ars", "name": "ARS", "email": "", "question": "Salubrité ?", "due_on": case.authority.today()}
        return reverse(name, args=[case.pk, opinions.ask(case, by=boss_of(case), on=case.authority.today(), **asked).pk])
    if name in ("case-blur", "case-blurred"):
        return reverse(name, args=[case.pk, landlord_photo(case).pk])
    if name == "case-order-match":
        return reverse(name, args=[case.pk, case.order_matches.get().pk])
    if name == "case-letter":
        sent = {"means": "registered_letter", "tracking_number": "1A 204 873 0614 7", "by": boss_of(case)}
        today = case.authority.today()
        return reverse(name, args=[case.pk, notification.send_notice(case, sent_on=today, on=today, **sent).pk])
    if name == "application-step":
        return reverse(name, args=[case.pk, "logement"])
    if name == "dashboard-commune":
        return reverse(name, args=[case.commune_id])
    return reverse(name, args=[case.pk]) if case else reverse(name)


# Addresses of something of the authority, not of a case.
OF_THE_TOWN = {
    "zone", "delegation", "member-remove", "signature-power", "grid-item", "grid-item-withdraw", "operator", "mandate-create",
    "device-revoke", "settings-rules", "settings-rule", "settings-template",
    "order", "order-edit", "order-lift", "order-import-read", "address", *partners.OF_THE_TOWN, *desk_lists.OF_THE_TOWN,
}  # fmt: skip


def settings_address(name, town):
    """The address of a zone, of a delegation, or of somebody's role, of this town."""
    if name == "zone":
        return reverse(name, args=[factories.ZoneFactory(authority=town).pk])
    if name.startswith("settings-rule"):
        return reverse(name, args=["decisions" if name == "settings-rules" else "visas"]) + f"?collectivite={town.pk}"
    if name == "settings-template":
        return reverse(name, args=["receipt"]) + f"?collectivite={town.pk}"
    if name in partners.OF_THE_TOWN:
        return partners.address(name, town)
    if name in desk_lists.OF_THE_TOWN:
        return desk_lists.address(name, town)
    if name in ("operator", "mandate-create"):
        return reverse(name, args=[Operator.objects.create(authority=town, name="SOLIHA").pk])
    if name == "device-revoke":
        phone = Device.objects.create(id=uuid4(), user=factories.member(town, Role.INSPECTOR), last_seen_at=datetime.now(UTC))
        return reverse(name, args=[phone.pk])
    if name == "delegation":
        return reverse(name, args=[factories.DelegationFactory(epci=town).pk])
    if name in ("grid-item", "grid-item-withdraw"):
        grid_editions.add_item(town, code="X01", by=factories.member(town, Role.ADMINISTRATOR), **factories.own_item())
        return reverse(name, args=["X01"])
    if name in ("order", "order-edit", "order-lift", "address"):
        order = factories.PoliceOrderFactory(authority=town)
        return reverse(name, args=[order.address_key if name == "address" else order.pk])
    if name == "order-import-read":
        return reverse(name, args=[factories.register(town, by=factories.member(town, Role.MANAGER)).pk])
    if name == "signature-power":
        return reverse(name, args=[factories.member(town, Role.SIGNATORY).signature_powers.get().pk])
    return reverse(name, args=[factories.member(town, Role.ELECTED).memberships.get().pk])


def ask(client, name, url, user=None):
    """The status that a person gets; each one with a browser of their own."""
    cache.clear()
    client.logout()
    if user is not None:
        client.force_login(user)
    response = client.post(url) if name in POST_ONLY else client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


@pytest.mark.parametrize("name", POLICY)
def test_policy(name, client, town, boss):
    who, stage = POLICY[name]
    case = at(stage, town, boss) if stage else None
    url = settings_address(name, town) if name in OF_THE_TOWN else address(name, case)

    anonymous = ask(client, name, url)
    assert (anonymous.status_code, anonymous.url.split("?")[0]) == (302, reverse("account_login"))

    elsewhere = factories.member(factories.AuthorityFactory(), *STAFF, Role.ELECTED)
    if case is not None:
        assert ask(client, name, url, elsewhere).status_code == 404
    if who not in ("anyone", "landlord"):
        expected = (
            404
            if name in ("case", "case-procedure", "file", "file-page", "act", "act-page", "dashboard-commune", "device-revoke")
            else 403
        )
        for role in set(Role) - {Role.AGENT} - who:
            status = ask(client, name, url, factories.member(town, role)).status_code
            is_out_of_sight = case is not None and role not in STAFF
            assert status == (
                404 if is_out_of_sight and name != "dashboard-commune" else 403 if name == "dashboard-commune" else expected
            ), role
        for role in who:
            assert ask(client, name, url, factories.member(town, role)).status_code in (200, 302, 422), role
            if name in POST_ONLY:
                break
    else:
        owner = case.applicant if case else factories.UserFactory()
        assert ask(client, name, url, owner).status_code in (200, 302, 422)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_public_pages_need_no_account(name, client):
    assert client.get(reverse(name)).status_code == 200


def test_a_task_that_is_gone_answers_409(client, town, boss):
    case = at("reviewed", town, boss)
    response = ask(client, "case-out-of-scope", reverse("case-out-of-scope", args=[case.pk]), boss)
    assert response.status_code == 409
    assert "Le dossier a changé entre-temps" in response.content.decode()


def test_internal_notes_stay_internal(client, town, boss):
    case = at("submitted", town, boss)
    client.force_login(boss)
    client.post(reverse("case-note", args=[case.pk]), {"text": "Voisin bruyant"})
    assert "Voisin bruyant" in client.get(reverse("case", args=[case.pk])).content.decode()
    client.force_login(case.applicant)
    assert "Voisin bruyant" not in client.get(reverse("application", args=[case.pk])).content.decode()
