"""Police orders: found at deposit and at import, settled by a person, lifted; and what they do to the permit."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from accounts.enums import Role
from notifications.models import Message
from permis import addresses, guards, order_register, orders
from permis.enums import MatchState, OrderKind, Outcome, State
from permis.models import Application, Dwelling, OrderImport, OrderMatch, PoliceOrder
from permis.models.journal import Event
from tests import factories
from tests.workflows.sending import give
from tests.workflows.test_actions import CHECK, DEPOSIT, DRAFT, SIGN, file, open_tasks, visited
from tests.workflows.test_races import at_once
from workflows.actions import completeness, decision, intake
from workflows.actions import orders as actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(town):
    return factories.ApplicationFactory(authority=town)


def order_at(draft, **said):
    return factories.PoliceOrderFactory(authority=draft.authority, commune=draft.commune, **said)


def again(case):
    return Application.objects.get(pk=case.pk)


def settle(case, staff, *, strikes=True, reason=""):
    match = OrderMatch.objects.get(application=case)
    return actions.settle_match(match, strikes=strikes, reason=reason, by=staff, on=CHECK)


def test_a_deposit_finds_the_order_and_alerts_the_manager_at_once(draft, staff):
    order = order_at(draft)
    case = file(draft)
    match = case.order_matches.get()
    assert (match.order, match.get_certainty_display(), match.state) == (order, "Adresse identique", MatchState.CANDIDATE)
    assert case.journal.get(event=Event.ORDER_FOUND).facts["orders"] == [order.pk]
    assert not case.journal.for_landlord().filter(event=Event.ORDER_FOUND).exists()
    message = Message.objects.get(kind="order_found")
    assert message.recipient == staff.email
    assert "2 avril 2026" in message.text.replace("\xa0", " ")
    assert not again(case).police_order, "nobody has said that it strikes this building"


@pytest.mark.parametrize(
    ("said", "certainty"),
    [
        ({"address": "10-14 rue de la Gare"}, "Adresse proche"),
        ({"building": "bâtiment B sur cour"}, "Adresse proche"),
        ({"address": "place du Marché", "cadastral_reference": "AB 214"}, "Adresse proche"),
        ({"address": "rue de la Gare"}, "Même rue, numéro à vérifier"),
        ({"address": "14 rue de la Gare"}, None),
        ({"lifted_on": date(2026, 2, 1)}, None),
        ({"commune": "other"}, None),
        ({"authority": "other"}, None),
    ],
)
def test_how_sure_the_match_is(draft, staff, said, certainty):
    others = {"commune": factories.CommuneFactory, "authority": factories.AuthorityFactory}
    said = {name: others[name]() if value == "other" else value for name, value in said.items()}
    Dwelling.objects.filter(application=draft).update(cadastral_reference="33473 000 AB 0214", building="A")
    factories.PoliceOrderFactory(**{"authority": draft.authority, "commune": draft.commune} | said)
    case = file(Application.objects.get(pk=draft.pk))
    assert [match.get_certainty_display() for match in case.order_matches.all()] == ([certainty] if certainty else [])
    assert Message.objects.filter(kind="order_found").exists() is (certainty == "Adresse proche")


def test_a_confirmed_order_leaves_only_the_refusal_until_it_is_lifted(draft, staff):
    order = order_at(draft)
    case = visited(draft, staff)
    settle(case, staff)
    assert again(case).police_order
    with pytest.raises(guards.PoliceOrder):
        decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT)
    with pytest.raises(orders.OrderInForce, match="Enregistrez sa mainlevée"):
        completeness.settle_police_order(case, in_force=False, reference="Rien", by=staff, on=DRAFT)

    actions.lift_order(order, lifted_on=DRAFT, reference="2026-URB-44", by=staff, on=DRAFT)
    assert not again(case).police_order
    told = [entry.facts["in_force"] for entry in case.journal.filter(event=Event.POLICE_ORDER).order_by("position")]
    assert told == [True, False]
    decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT)


def test_a_draft_that_waits_is_not_signed_once_the_order_is_confirmed(draft, staff):
    case = visited(draft, staff)
    decision.propose_decision(case, outcome=Outcome.GRANTED, by=staff, on=DRAFT)
    case = again(case)
    act = decision.preview(case, by=staff, on=SIGN)
    order = PoliceOrder(
        authority=case.authority,
        commune=case.commune,
        kind=OrderKind.URGENT,
        number="7",
        dated_on=DRAFT,
        address="12 r. de la Gare",
    )
    actions.record_order(order, by=staff, on=DRAFT)
    settle(case, staff)
    with pytest.raises(guards.PoliceOrder):
        decision.sign(case, act=act, by=staff, on=SIGN)


def test_an_order_on_another_ground_is_known_but_forbids_nothing(draft, staff):
    order_at(draft, kind=OrderKind.OTHER)
    case = file(draft)
    settle(case, staff)
    assert not again(case).police_order
    assert case.journal.filter(event=Event.ORDER_CONFIRMED).count() == 1


def test_two_orders_are_lifted_one_by_one(draft, staff):
    first, second = order_at(draft), order_at(draft)
    case = file(draft)
    for match in case.order_matches.order_by("pk"):
        actions.settle_match(match, strikes=True, reason="", by=staff, on=CHECK)
    actions.lift_order(second, lifted_on=CHECK, reference="levée", by=staff, on=CHECK)
    assert again(case).police_order
    actions.lift_order(first, lifted_on=CHECK, reference="levée", by=staff, on=CHECK)
    assert not again(case).police_order


def test_an_order_is_put_aside_with_its_reason_and_a_mistake_is_mended(draft, staff):
    order_at(draft)
    case = file(draft)
    with pytest.raises(actions.NoReasonGiven):
        settle(case, staff, strikes=False)
    settle(case, staff, strikes=True)
    match = settle(case, staff, strikes=False, reason="Il vise le bâtiment B")
    assert (match.state, again(case).police_order) == (MatchState.DISMISSED, False)
    assert "Il vise le bâtiment B" in case.journal.get(event=Event.ORDER_DISMISSED).facts["reason"]


def test_what_the_service_wrote_by_hand_outlives_the_lifting_of_another_order(draft, staff):
    order = order_at(draft)
    case = file(draft)
    settle(case, staff)
    completeness.settle_police_order(case, in_force=True, reference="arrêté du préfet, 1998", by=staff, on=CHECK)
    actions.lift_order(order, lifted_on=CHECK, reference="levée", by=staff, on=CHECK)
    assert again(case).police_order


@pytest.mark.parametrize("lifted_on", [date(2025, 1, 1), CHECK + timedelta(1)])
def test_a_lifting_is_dated_after_its_order_and_not_in_the_future(draft, staff, lifted_on):
    with pytest.raises(actions.LiftedBeforeTaken):
        actions.lift_order(order_at(draft), lifted_on=lifted_on, reference="x", by=staff, on=CHECK)


def test_others_neither_record_nor_settle(draft, town, staff):
    order = order_at(draft)
    case = file(draft)
    inspector = factories.member(town, Role.INSPECTOR)
    with pytest.raises(PermissionDenied):
        settle(case, inspector)
    with pytest.raises(PermissionDenied):
        actions.lift_order(order, lifted_on=CHECK, reference="x", by=inspector, on=CHECK)


def lines(case, *more):
    name = case.commune.name
    return "\n".join([f"A-1;03/03/2025;Mise en sécurité;{name};12 rue de la Gare", *more])


def imported(case, staff, text, on=CHECK):
    sent = OrderImport.objects.create(
        authority=case.authority, name="a.csv", content=f"Numéro;Date;Nature;Commune;Adresse;Mainlevée\n{text}", by=staff
    )
    rows = order_register.read(sent.content, communes={case.commune.sort_key: case.commune_id})
    return actions.import_orders(sent, rows, homes={case.commune_id: case.authority}, by=staff, on=on)


def test_an_import_matches_open_cases_keeps_what_it_cannot_read_and_updates_what_it_knows(draft, staff):
    case = file(draft)
    done = imported(case, staff, lines(case, f"A-2;le 3;Péril;{case.commune.name};1 rue X"))
    assert done.counts == {"new": 1, "updated": 0, "unread": 1}
    assert case.order_matches.get().order.number == "A-1"
    assert Message.objects.filter(kind="order_found").count() == 1

    settle(case, staff)
    done = imported(case, staff, f"a-1;03/03/2025;Mise en sécurité;{case.commune.name};12 rue de la Gare;04/03/2026")
    assert done.counts == {"new": 0, "updated": 1, "unread": 0}
    assert PoliceOrder.objects.get().lifted_on == CHECK
    assert not again(case).police_order

    imported(case, staff, lines(case))
    assert PoliceOrder.objects.get().lifted_on == CHECK, "what was lifted stays lifted"
    assert Message.objects.filter(kind="order_found").count() == 1


def test_a_corrected_address_takes_its_unsettled_match_away(draft, staff):
    case = file(draft)
    imported(case, staff, lines(case))
    order = PoliceOrder.objects.get()
    order.address = "99 rue de la Gare"
    actions.record_order(order, by=staff, on=CHECK)
    assert not case.order_matches.exists()


def test_closed_cases_are_left_alone(draft, staff):
    case = file(draft)
    Application.objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
    imported(case, staff, lines(case))
    assert not OrderMatch.objects.exists()


def test_the_import_of_many_lines_asks_the_database_little(draft, staff, django_assert_max_num_queries):
    case = file(draft)
    text = "\n".join(f"N{n};03/03/2025;Péril;{case.commune.name};{n} rue du Port" for n in range(500))
    with django_assert_max_num_queries(25):
        imported(case, staff, text)
    assert PoliceOrder.objects.count() == 500


@pytest.mark.django_db(transaction=True)
def test_a_deposit_and_an_order_of_the_same_instant_meet(draft, staff):
    give(draft)
    commune = draft.commune
    said = {"kind": OrderKind.SAFETY, "number": "1", "dated_on": DEPOSIT, "address": "12 rue de la Gare"}
    order = PoliceOrder(authority=draft.authority, commune=commune, **said)
    results = at_once(
        lambda: intake.submit(draft, by=draft.applicant, on=DEPOSIT), lambda: actions.record_order(order, by=staff, on=DEPOSIT)
    )
    assert results == ["done", "done"]
    assert OrderMatch.objects.get().application == draft


def test_the_officer_is_asked_about_a_likely_order_before_the_draft(client, draft, staff, time_machine):
    order_at(draft)
    case = visited(draft, staff)
    case.pieces.update(verdict="accepted")
    completeness.assign(case, officer=staff, by=staff, on=CHECK)
    assert open_tasks(case) == {"draft_decision"}
    time_machine.move_to(CHECK)
    client.force_login(staff)
    assert "Dites si l’arrêté de police vise ce logement" in client.get(reverse("case", args=[case.pk])).content.decode()
    settle(case, staff, strikes=False, reason="Autre bâtiment")
    assert "Préparez la décision" in client.get(reverse("case", args=[case.pk])).content.decode()


# -- screens


def test_a_manager_reads_the_register_again_then_imports_it(client, draft, town, staff):
    case = file(draft)
    client.force_login(staff)
    content = f"Numéro;Date;Commune;Adresse\nA1;03/03/2025;{case.commune.name};12 rue de la Gare\n;03/03/2025;Nulle-Part;3 rue Y"
    sent = client.post(reverse("order-import"), {"register": SimpleUploadedFile("été.csv", content.encode("cp1252"))})
    assert sent.status_code == 302
    page = client.get(sent.url).content.decode()
    assert "Numéro : à indiquer." in page
    assert "« Nulle-Part » n’est pas une commune" in page
    assert not PoliceOrder.objects.exists()
    assert client.post(sent.url).status_code == 302
    assert PoliceOrder.objects.get().authority == town
    assert "3 rue Y" in client.get(sent.url).content.decode(), "what could not be read is still there"

    wrong = client.post(reverse("order-import"), {"register": SimpleUploadedFile("a.csv", b"Nom;Ville\nA;B")})
    assert (wrong.status_code, "Colonnes absentes" in wrong.content.decode()) == (422, True)
    other = factories.register(factories.AuthorityFactory(), by=staff)
    assert client.get(reverse("order-import-read", args=[other.pk])).status_code == 404


def test_an_order_is_recorded_corrected_and_lifted_by_hand(client, draft, town, staff):
    case = file(draft)
    client.force_login(staff)
    answers = {
        "kind": "safety", "taken_by": "mayor", "number": "2026-9", "dated_on": "2026-03-01", "commune": case.commune_id,
        "address": "12, r. de la Gare", "building": "", "cadastral_reference": "ab 214", "source": "",
    }  # fmt: skip
    response = client.post(reverse("order-create"), answers)
    order = PoliceOrder.objects.get()
    assert response.url == reverse("order", args=[order.pk])
    assert (order.plot, order.address_key, order.matches.count()) == ("AB214", f"{case.commune_id}_rue-gare_12", 1)
    twice = client.post(reverse("order-create"), answers)
    assert (twice.status_code, "déjà enregistré" in twice.content.decode()) == (422, True)
    assert "12, r. de la Gare" in twice.content.decode()

    early = client.post(reverse("order-lift", args=[order.pk]), {"lifted_on": "2026-01-01", "reference": "2026-44"})
    assert (early.status_code, "ne peut pas précéder" in early.content.decode()) == (422, True)
    assert (
        client.post(reverse("order-lift", args=[order.pk]), {"lifted_on": "2026-03-09", "reference": "2026-44"}).status_code
        == 302
    )
    assert "Levé le 9" in client.get(reverse("order", args=[order.pk])).content.decode()


def test_the_case_asks_whether_the_order_strikes_it(client, draft, staff, time_machine):
    time_machine.move_to(DEPOSIT)
    order_at(draft)
    case = file(draft)
    match = case.order_matches.get()
    client.force_login(staff)
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "Arrêté en vigueur à vérifier" in page
    url = reverse("case-order-match", args=[case.pk, match.pk])
    wrong = client.post(url, {"strikes": "False", "reason": ""})
    assert (wrong.status_code, "Dites pourquoi" in wrong.content.decode()) == (422, True)
    assert client.post(url, {"strikes": "True", "reason": ""}).status_code == 302
    assert "seul un refus est possible" in client.get(reverse("case", args=[case.pk])).content.decode()
    elsewhere = factories.ApplicationFactory(authority=case.authority)
    assert client.get(reverse("case-order-match", args=[elsewhere.pk, match.pk])).status_code == 404


def test_a_landlord_sees_nothing_of_an_order(client, draft):
    order_at(draft)
    case = file(draft)
    client.force_login(case.applicant)
    page = client.get(reverse("application", args=[case.pk])).content.decode()
    assert "2026-URB" not in page
    assert "Arrêté" not in page


def test_the_page_of_an_address_gathers_the_building_for_those_who_may_see_it(
    client, draft, town, staff, django_assert_num_queries
):
    order, weak = order_at(draft), order_at(draft, address="rue de la Gare")
    case = visited(draft, staff)
    known = addresses.key(draft.commune_id, "12 rue de la Gare")
    url = reverse("address", args=[known])
    client.force_login(staff)
    client.get(url)
    with django_assert_num_queries(7) as one:
        page = client.get(url).content.decode()
    assert str(case) in page
    assert order.number in page
    assert f"arrêté n° {weak.number}" in page
    assert "Visite" in page
    for _ in range(9):
        file(factories.ApplicationFactory(authority=town, commune=draft.commune))
    with django_assert_num_queries(len(one)):
        page = client.get(url).content.decode()
    assert "10\xa0dossiers" in page
    found = client.get(reverse("address-search"), {"q": "12 rue de la Gare"}).content.decode()
    assert url in found

    client.force_login(factories.member(factories.AuthorityFactory(), Role.OFFICER))
    assert client.get(url).status_code == 404
    assert client.get(reverse("address", args=["n-importe-quoi"])).status_code == 404
    assert client.get(reverse("order", args=[order.pk])).status_code == 404
    assert url not in client.get(reverse("address-search"), {"q": "gare"}).content.decode()


def test_the_other_doors_are_told_on_the_page_of_a_case(client, draft, town, staff):
    other = file(factories.ApplicationFactory(authority=town, commune=draft.commune))
    case = file(draft)
    client.force_login(staff)
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "À cette adresse" in page
    assert str(other) in page


def test_the_command_writes_the_addresses_of_what_was_there_before(draft, capsys):
    Dwelling.objects.update(address_key="")
    call_command("normalise_addresses")
    assert Dwelling.objects.get().address_key == f"{draft.commune_id}_rue-gare_12"
    assert capsys.readouterr().out == "1 adresses récrites.\n"
    call_command("normalise_addresses")
    assert capsys.readouterr().out == "0 adresses récrites.\n"
