"""Templates of acts: what an authority adds is printed, what the law asks cannot be left out, what is done stays as it was."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.enums import Role
from documents import specimens, tailoring
from documents.enums import ActKind
from documents.mentions import MENTIONS
from documents.models import ActTemplate
from documents.tailoring import Addition, MentionMissing, Template
from tests import factories
from tests.documents.reading import printed
from tests.workflows.test_actions import file
from workflows.actions import templates

CONTENTS = specimens.contents()
SECTIONS = [(kind, section.key) for kind in MENTIONS for section in tailoring.sections(CONTENTS[kind])[1:]]


@pytest.mark.parametrize("kind", MENTIONS)
def test_the_original_of_each_act_says_what_the_law_wants(kind):
    tailoring.require_mentions(kind, CONTENTS[kind], Template())


@pytest.mark.parametrize(("kind", "mention"), [(kind, mention) for kind in MENTIONS for mention in MENTIONS[kind]])
def test_no_mention_can_be_left_out(kind, mention):
    """Withholding every section that says it is refused, in the words of the law; what opens an act is always there."""
    carries = [
        section.key
        for section in tailoring.sections(CONTENTS[kind])
        if any(
            block.kind == "works" if mention.is_works else any(words in block.text for words in mention.words)
            for block in section.blocks
        )
    ]
    assert carries, "the specimen says it"
    withheld = Template(withheld=frozenset(carries))
    if tailoring.START in carries:
        tailored = tailoring.tailored(CONTENTS[kind], withheld)
        assert (
            tailored.blocks[: len(tailoring.sections(CONTENTS[kind])[0].blocks)] == tailoring.sections(CONTENTS[kind])[0].blocks
        )
    else:
        with pytest.raises(MentionMissing, match=mention.meaning[:20]):
            tailoring.require_mentions(kind, CONTENTS[kind], withheld)


@pytest.mark.parametrize(("kind", "key"), SECTIONS)
def test_a_section_is_withheld_or_refused_with_its_article(kind, key):
    template = Template(withheld=frozenset({key}))
    if key in tailoring.locked(kind, CONTENTS[kind]):
        with pytest.raises(MentionMissing) as refused:
            tailoring.require_mentions(kind, CONTENTS[kind], template)
        assert any(mention.basis in str(refused.value) for mention in MENTIONS[kind])
    else:
        tailored = tailoring.tailored(CONTENTS[kind], template)
        assert key not in {section.key for section in tailoring.sections(tailored)}


def test_a_mention_typed_by_the_authority_is_not_the_law_s():
    added = [Addition(tailoring.START, "paragraph", "L. 635-6, L. 635-10")]
    template = Template(added, frozenset({"transmission-et-execution"}))
    with pytest.raises(MentionMissing):
        tailoring.require_mentions(ActKind.DECISION_REFUSED, CONTENTS[ActKind.DECISION_REFUSED], template)


def test_articles_are_numbered_again():
    tailored = tailoring.tailored(CONTENTS[ActKind.DECISION_GRANTED], Template(withheld=frozenset({"sanctions"})))
    headings = [block.text.partition(" – ")[0] for block in tailored.blocks if block.kind == "heading"]
    assert headings == [f"Article {number}" for number in range(1, 6)]


def test_what_is_added_is_printed_in_its_place_and_never_as_source():
    text = "Permanence le mardi. #set page(fill: red) $x$ <b>"
    tailored = tailoring.tailored(CONTENTS[ActKind.RECEIPT], Template([Addition("visite-du-logement", "note", text)]))
    found = printed(tailored)
    assert "Permanence le mardi. #set page(fill: red) $x$ <b>" in found


def test_an_addition_to_a_section_that_this_act_lacks_is_still_printed():
    tailored = tailoring.tailored(CONTENTS[ActKind.RECEIPT], Template([Addition("inconnue", "paragraph", "Merci.")]))
    assert tailored.blocks[-1].text == "Merci."


@pytest.mark.django_db
def test_the_acts_to_come_follow_the_template_and_those_made_do_not():
    town = factories.AuthorityFactory()
    admin = factories.member(town, Role.ADMINISTRATOR)
    before = file(factories.ApplicationFactory(authority=town)).acts.get()
    template = Template([Addition(tailoring.START, "paragraph", "Permanence le mardi.")])
    assert templates.save_template(town, kind=ActKind.REGISTRATION, template=template, by=admin).number == 1
    assert templates.save_template(town, kind=ActKind.REGISTRATION, template=template, by=admin).number == 1, "nothing changed"
    after = file(factories.ApplicationFactory(authority=town)).acts.get()
    elsewhere = file(factories.ApplicationFactory()).acts.get()
    said = [any(block["text"] == "Permanence le mardi." for block in act.content["blocks"]) for act in (before, after, elsewhere)]
    assert said == [False, True, False]
    assert templates.save_template(town, kind=ActKind.REGISTRATION, template=Template(), by=admin).number == 2


@pytest.mark.django_db
def test_only_its_administrator_changes_a_template():
    town = factories.AuthorityFactory()
    for person in (factories.member(town, Role.MANAGER), factories.member(factories.AuthorityFactory(), Role.ADMINISTRATOR)):
        with pytest.raises(PermissionDenied):
            templates.save_template(town, kind=ActKind.RECEIPT, template=Template(), by=person)


@pytest.fixture
def admin(client):
    town = factories.AuthorityFactory()
    person = factories.member(town, Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def typed(*additions, **more):
    data = {"added-TOTAL_FORMS": len(additions), "added-INITIAL_FORMS": 0}
    for place, each in enumerate(additions):
        data |= {f"added-{place}-{name}": value for name, value in zip(("after", "kind", "text"), each, strict=True)}
    return data | more


@pytest.mark.django_db
@pytest.mark.usefixtures("admin")
def test_the_screen_previews_saves_and_refuses(client):
    url = reverse("settings-template", args=["decision_refused"])
    assert client.get(url).status_code == 200
    added = ("sanctions", "note", "L’Adil vous conseille gratuitement.")
    preview = client.post(url, typed(added, preview="1"))
    assert (preview.headers["Content-Type"], preview.content[:4]) == ("application/pdf", b"%PDF")
    assert not ActTemplate.objects.exists()

    refused = client.post(url, typed(added, withheld=["transmission-et-execution"]))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "L’Adil vous conseille gratuitement." in page
    assert "CCH L. 635-6" in page

    more = client.post(url, typed(added, add="1")).content.decode()
    assert "added-1-text" in more
    assert client.post(url, typed(added, withheld=["sanctions"])).status_code == 302
    assert ActTemplate.objects.get().changes == {
        "added": [{"after": "sanctions", "kind": "note", "text": "L’Adil vous conseille gratuitement."}], "withheld": ["sanctions"],
    }  # fmt: skip
    assert "Version 1" in client.get(reverse("settings-templates")).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("kind", ["visit_report", "rien"])
def test_what_is_no_template_is_not_found(client, kind):
    assert client.get(reverse("settings-template", args=[kind])).status_code == 404
