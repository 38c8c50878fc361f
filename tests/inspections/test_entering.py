"""What a phone sends is kept once, in order, and never changes; two phones that disagree are both kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from inspections import grid, survey
from inspections.models import Device, Entry, GridEdition, Visit
from tests.inspections.phones import Phone, planned
from workflows.actions import inspection

pytestmark = pytest.mark.django_db


def test_entries_are_numbered_and_kept_as_they_were_written(phone, visit, inspector):
    written = [phone.write("start", at="2026-03-12T09:00:00Z"), phone.answer(note="Évier fendu", reply="non_conform")]
    answer = phone.send(*written).json()

    assert [each["number"] for each in answer["accepted"]] == [1, 2]
    assert (answer["cursor"], answer["entries"], answer["erase"]) == (2, [], [])
    kept = Entry.objects.order_by("number")
    assert [entry.payload for entry in kept] == [each["payload"] for each in written]
    assert [entry.key for entry in kept] == ["start", "answer:-:H04"]
    assert {(entry.author, entry.device_id, entry.is_late) for entry in kept} == {(inspector, phone.device, False)}


def test_the_visit_keeps_the_grid_that_it_is_made_with(phone, visit):
    phone.send(phone.answer())
    assert Visit.objects.get(pk=visit.pk).grid_version == grid.national().version


def test_the_same_batch_twice_is_kept_once_and_answered_alike(phone):
    written = [phone.answer(), phone.answer("H05")]
    first = phone.send(*written).json()
    again = phone.send(*written, phone.answer("H06")).json()

    assert again["accepted"][:2] == first["accepted"]
    assert Entry.objects.count() == 3


def test_a_skipped_entry_is_waited_for(phone):
    first, second, third = phone.answer(), phone.answer("H05"), phone.answer("H06")
    phone.send(first)
    answer = phone.send(third)

    assert (answer.status_code, answer.json()["expected"]) == (409, 2)
    assert Entry.objects.count() == 1
    assert phone.send(second, third).status_code == 200


def test_one_bad_entry_is_named_and_nothing_of_its_batch_is_kept(phone):
    good, bad = phone.answer(), phone.answer("H05", reply="peut-être")
    answer = phone.send(good, bad)

    assert (answer.status_code, answer.json()["entry"]) == (400, bad["id"])
    assert "reply" in answer.json()["error"]
    assert not Entry.objects.exists()
    assert not Device.objects.exists()


def test_an_identifier_names_one_entry_for_ever(phone, other_phone, town, inspector, signed_in):
    written = phone.answer()
    phone.send(written)

    changed = phone.send(written | {"payload": written["payload"] | {"reply": "non_conform"}})
    assert (changed.status_code, changed.json()["entry"]) == (400, written["id"])
    assert other_phone.send(written).status_code == 400
    assert Phone(signed_in, planned(town, inspector, hour=11)).send(written).status_code == 400


def test_what_another_phone_could_not_know_is_kept_and_flagged(phone, other_phone, visit):
    phone.send(phone.answer(reply="conform"))
    answer = other_phone.send(other_phone.answer(reply="non_conform", base=0)).json()

    assert answer["accepted"][0]["conflict"]
    assert [each["payload"]["reply"] for each in answer["entries"]] == ["conform"]
    first, second = Entry.objects.order_by("number")
    assert second.conflicts_with == first
    [conflict] = survey.of(Entry.objects.all()).conflicts
    assert (conflict.standing["reply"], conflict.other["reply"]) == ("conform", "non_conform")


def test_whoever_knows_both_settles_it(phone, other_phone):
    phone.send(phone.answer(reply="conform"))
    other_phone.send(other_phone.answer(reply="non_conform"))
    settled = other_phone.send(other_phone.answer(reply="not_applicable")).json()

    assert not settled["accepted"][0]["conflict"]
    seen = survey.of(Entry.objects.all())
    assert (seen.conflicts, seen.get("answer:-:H04")["reply"]) == ([], "not_applicable")


def test_a_phone_that_does_not_know_of_the_conflict_does_not_settle_it(phone, other_phone):
    phone.send(phone.answer(reply="conform"))
    other_phone.send(other_phone.answer(reply="non_conform", base=0))
    unaware = phone.answer(reply="not_verifiable", base=1)

    assert phone.send(unaware).json()["accepted"][0]["conflict"]
    assert len(survey.of(Entry.objects.all()).conflicts) == 2, "both stay until somebody who knows them chooses"


@pytest.mark.parametrize("reply", ["conform", "non_conform"])
def test_two_phones_that_agree_or_know_each_other_do_not_conflict(phone, other_phone, reply):
    phone.send(phone.answer(reply="conform"))
    known = 0 if reply == "conform" else 1
    assert not other_phone.send(other_phone.answer(reply=reply, base=known)).json()["accepted"][0]["conflict"]


def test_a_phone_may_change_its_mind_without_network(phone):
    answer = phone.send(phone.answer(reply="conform"), phone.answer(reply="non_conform")).json()
    assert [each["conflict"] for each in answer["accepted"]] == [None, None]


def test_a_clock_that_is_wrong_is_measured_not_believed(phone, time_machine):
    time_machine.move_to(datetime(2026, 3, 12, 12, tzinfo=UTC), tick=False)
    phone.send(phone.answer(), sent_at="2026-03-12T13:00:00Z")
    entry, device = Entry.objects.get(), Device.objects.get()
    assert (entry.skew_seconds, device.skew_seconds) == (3600, 3600)
    assert entry.made_at.hour == 9, "as the phone says"


def test_what_comes_after_the_report_is_kept_and_said_to_be_late(phone, visit, inspector, town):
    phone.send(phone.answer())
    inspection.record_visit(visit, conclusion="favourable", by=inspector, on=town.today())
    answer = phone.send(phone.answer("H05")).json()

    assert (answer["late"], answer["erase"]) == (True, [visit.pk])
    assert list(Entry.objects.order_by("number").values_list("is_late", flat=True)) == [False, True]


def test_the_database_refuses_to_change_or_delete_an_entry(phone):
    phone.send(phone.answer())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.update(payload={})
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_keep_a_batch_once(phone, visit, inspector):
    written = [phone.answer(code) for code in ("H01", "H02", "H03")]
    barrier = Barrier(4)

    def send(_: int) -> list[int]:
        client = Client()
        client.force_login(inspector)
        barrier.wait(timeout=20)
        try:
            return [each["number"] for each in Phone(client, visit, phone.device).send(*written).json()["accepted"]]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(send, range(4))) == [[1, 2, 3]] * 4
    assert Entry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_phones_at_once_leave_no_gap_and_keep_their_order(visit, inspector):
    barrier = Barrier(2)

    def work(_: int) -> list[str]:
        client = Client()
        client.force_login(inspector)
        phone, written = Phone(client, visit), []
        barrier.wait(timeout=20)
        try:
            for code in range(10):
                entry = phone.answer(f"H{code:02d}", reply="conform")
                written.append(entry["id"])
                assert phone.send(entry).status_code == 200
        finally:
            connection.close()
        return written

    with ThreadPoolExecutor(2) as threads:
        orders = list(threads.map(work, range(2)))
    kept = list(Entry.objects.order_by("number"))
    assert [entry.number for entry in kept] == list(range(1, 21))
    for order in orders:
        assert [str(entry.pk) for entry in kept if str(entry.pk) in order] == order


def test_the_grid_that_the_phone_carried_is_the_one_that_is_kept(phone, visit, inspector):
    """The settings may change between the morning's bundle and the entries of the evening."""
    carried = grid.snapshot_of(visit.application.authority)
    GridEdition.objects.create(authority=visit.application.authority, number=1, switched_off=["A14"], made_by=inspector)
    phone.send(phone.write("start", at="2026-03-12T09:10:00Z", grid=carried.digest))
    visit = Visit.objects.get(pk=visit.pk)
    assert visit.grid == carried
    assert grid.followed_by(visit).find("A14") is not None


def test_a_grid_that_nobody_knows_is_that_of_the_authority(phone, visit):
    phone.send(phone.write("start", at="2026-03-12T09:10:00Z", grid="0" * 64))
    assert Visit.objects.get(pk=visit.pk).grid == grid.snapshot_of(visit.application.authority)
