"""Acts are archival, tagged, the same each time, and no text that a person types breaks or changes them."""

import io
import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from documents import rendering
from documents import specimens as samples
from documents.content import Block
from documents.enums import ActKind
from documents.facts import Party
from tests.documents.reading import printed, text_of


@pytest.mark.parametrize("kind", ActKind)
def test_an_act_is_archival_tagged_and_in_french(kind):
    content = samples.contents()[kind]

    reader = PdfReader(io.BytesIO(rendering.render(content.as_data())))

    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert re.search(r"<pdfaid:part>3</pdfaid:part>\s*<pdfaid:conformance>A</pdfaid:conformance>", metadata)
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fr")
    assert reader.metadata.title == rendering.printable(f"{content.title} {content.subtitle}")
    assert reader.metadata.author == "Latitude Nord Gironde"


def test_the_same_content_gives_the_same_bytes():
    content = samples.decide(samples.PRIOR)

    first, second = rendering.render(content.as_data()), rendering.render(content.as_data())
    stored = rendering.render(json.loads(json.dumps(content.as_data())))

    assert first == second == stored


def test_the_date_of_the_file_is_that_of_the_act():
    reader = PdfReader(io.BytesIO(rendering.render(samples.decide(samples.GRANTED).as_data())))

    assert reader.metadata.creation_date.date() == samples.TODAY


def test_a_draft_is_marked_as_such_and_says_the_same():
    data = samples.decide(samples.GRANTED).as_data()

    act, draft = rendering.render(data), rendering.render(data, draft=True)

    assert act != draft
    assert text_of(draft).replace("PROJET", "").split() == text_of(act).split()


@pytest.mark.parametrize("change", [{"title": "Autre"}, {"blocks": []}, {"annex": []}, {"on": "2026-12-11"}, {"remedies": []}])
def test_the_fingerprint_tells_any_change(change):
    content = samples.decide(samples.GRANTED)
    before = rendering.fingerprint(ActKind.DECISION_GRANTED, content)

    assert rendering.fingerprint(ActKind.DECISION_GRANTED, samples.decide(samples.GRANTED)) == before
    assert rendering.fingerprint(ActKind.DECISION_GRANTED, replace(content, **change)) != before
    assert rendering.fingerprint(ActKind.DECISION_REFUSED, content) != before


def test_every_character_said_to_be_drawable_is_drawn():
    every = "".join(map(chr, range(32, 0x20000)))
    drawable = [char for char in every if rendering.printable(f"a{char}a")[1:-1] == char]

    assert len(drawable) > 2000
    rendering.render(_with_text(" ".join(drawable)))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Zoë Łukasz Nguyễn Ελένη Олена", "Zoë Łukasz Nguyễn Ελένη Олена"),
        ("maison 🏠 ici", "maison � ici"),
        ("مرحبا", "�����"),
        ("漢字", "��"),
        ("é" * 42, "\u200b".join("é" * 42)),
        ("fin\u202egauche", "fingauche"),
        ("e\u0301te\u0301", "été"),
        ("deux\u2003espaces\tlarges", "deux espaces larges"),
        ("cloche\x07", "cloche�"),
        ("ligne\r\nsuivante", "ligne\nsuivante"),
        ("👩\u200d👩", "��"),
        ("#strong[gras] $x$ @label \\ */", "#strong[gras] $x$ @label \\ */"),
    ],
)
def test_a_character_without_glyph_becomes_a_mark(typed, shown):
    assert rendering.printable(typed) == shown


def test_source_code_typed_by_a_person_is_printed_as_it_is():
    text = '#panic("x") #read("/etc/passwd") *gras* _x_ $a^2$ <étiquette> @renvoi // fin'

    assert text in text_of(rendering.render(_with_text(text)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_makes_an_act(text):
    rendering.render(_with_text(text))


@pytest.mark.reference_data
def test_naughty_strings_make_an_act_wherever_they_stand(reference_data):
    strings = json.loads((reference_data / "text" / "blns.json").read_text())
    ruling = replace(samples.REFUSED, works=[replace(samples.WORKS[0], place=f"a{text}", work=f"b{text}") for text in strings])
    case = replace(
        samples.CASE,
        lessors=[Party(text, text) for text in strings],
        recipient=strings,
        annex=[("Réponses", [(text, text) for text in strings])],
    )

    assert rendering.render(samples.decide(ruling, case).as_data())


def test_forty_works_and_endless_names_fill_pages_and_lose_nothing():
    works = [replace(samples.WORKS[0], code=f"X{rank:02}", finding="Fissure " * 60) for rank in range(40)]
    case = replace(samples.CASE, lessors=[Party("Anne-Sophie " + "de La Tour " * 30, "x" * 300)], description="y" * 200)

    pages = PdfReader(io.BytesIO(rendering.render(samples.decide(replace(samples.REFUSED, works=works), case).as_data()))).pages
    text = " ".join(page.extract_text() for page in pages)

    assert len(pages) > 5
    assert all(work.code in text for work in works)
    assert f"sur {len(pages)}" in pages[0].extract_text()
    assert text.count("Travaux prescrits") > 3


def test_empty_optional_fields_leave_no_trace():
    case = replace(
        samples.CASE, description="", agent="", complete_on=None, perimeter=None, competence="", recipient=[], annex=[]
    )
    head = replace(case.issuer.letterhead, phone="", email="", department="", kind_label="")
    ruling = replace(samples.REFUSED, works=[replace(samples.WORKS[0], code="", proof="")], visits=[], order_number="")

    text = printed(samples.decide(ruling, replace(case, issuer=replace(case.issuer, letterhead=head))))

    assert "None" not in text
    assert "Annexe –" not in text


def test_the_logo_is_drawn_from_svg():
    logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>'
    content = samples.decide(samples.GRANTED)

    with_logo = rendering.render(replace(content, letterhead=replace(content.letterhead, logo=logo)).as_data())

    assert with_logo != rendering.render(content.as_data())


def test_a_broken_logo_says_that_the_act_could_not_be_made():
    content = samples.decide(samples.GRANTED)

    with pytest.raises(rendering.RenderingFailed):
        rendering.render(replace(content, letterhead=replace(content.letterhead, logo="<svg")).as_data())


def _with_text(text: str) -> dict:
    return replace(samples.decide(samples.GRANTED), blocks=[Block("paragraph", f"a{text}a")]).as_data()
