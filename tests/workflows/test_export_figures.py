"""The figures of the communes as files, for who reads figures."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from tests import factories
from tests.workflows.exported import lines_of, rows_of
from tests.workflows.test_actions import file
from workflows.exports.figures import COLUMNS
from workflows.exports.models import ExportRecord
from workflows.statistics.figures import Figures

pytestmark = pytest.mark.django_db


def test_an_elected_member_takes_the_figures_and_no_case(client):
    town = factories.AuthorityFactory()
    case = file(factories.ApplicationFactory(authority=town, commune__name="=Commune"), on=town.today())
    file(factories.ApplicationFactory(), on=town.today())  # of another town
    client.force_login(factories.member(town, Role.ELECTED))

    page = client.get(reverse("dashboard")).content.decode()
    assert reverse("export-figures") in page
    header, *lines = lines_of(b"".join(client.get(reverse("export-figures")).streaming_content))
    sheet = b"".join(client.get(reverse("export-figures") + "?format=xlsx").streaming_content)

    assert header == [column.header for column in COLUMNS]
    assert [line[:4] for line in lines] == [["'=Commune", case.commune_id, "1", "1"]]
    assert rows_of(sheet)[0]["Commune"] == "=Commune"
    assert rows_of(sheet)[0]["Reçues"] == 1
    assert all(hasattr(Figures, column.key) for column in COLUMNS[2:])
    assert not ExportRecord.objects.exists()
