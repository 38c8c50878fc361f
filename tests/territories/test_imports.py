"""The national list of communes, twice, and what a wrong file is told."""

import pytest
from django.core.management import CommandError, call_command

from territories import imports
from territories.models import Commune, Place

pytestmark = pytest.mark.django_db
HEADER = "code_insee,nom,type,departement,region,commune_chef_lieu,siren,codes_postaux,population,epci_siren,epci_nom,epci_type,ept_nom\n"
SAVIN = "33473,Saint-Savin,commune-actuelle,33,75,,213304736,33920,3582,243301181,CC Latitude Nord Gironde,CC,\n"


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "communes.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.reference_data
def test_the_national_file_twice_without_duplicates(reference_data):
    path = reference_data / "communes" / "communes_2026_epci.csv"
    first = imports.save(imports.read_csv(path))
    second = imports.save(imports.read_csv(path))

    assert first == second
    assert (Commune.objects.count(), Place.objects.count()) == (34_969, 2_621)
    marseille = Place.objects.get(insee="13201")
    assert marseille.commune.name == "Marseille"
    assert Commune.objects.filter(epci_siren="243301181").count() == 12
    assert Commune.objects.named_like("L'Hay-les").get().name == "L'Haÿ-les-Roses"


def test_the_npm_package_holds_the_same_communes(capsys):
    call_command("import_communes")
    assert Commune.objects.count() > 34_000
    assert Commune.objects.get(insee="33473").epci_name == "CC Latitude Nord Gironde"


def test_names_are_updated_and_vanished_communes_are_kept(tmp_path):
    imports.save(imports.read_csv(write(tmp_path, HEADER + SAVIN)))
    renamed = SAVIN.replace("33473,Saint-Savin", "33474,Saint-Savin-Neuf")
    counts = imports.save(imports.read_csv(write(tmp_path, HEADER + renamed)))
    assert (counts.vanished, Commune.objects.count()) == (1, 2)


@pytest.mark.parametrize(
    ("text", "encoding", "message"),
    [
        ("a,b\n1,2\n", "utf-8", "il manque les colonnes"),
        (HEADER + SAVIN.replace("3582", "beaucoup"), "utf-8", "ligne 2 : la population"),
        (HEADER + SAVIN.replace("33473,", ","), "utf-8", "ligne 2 : le code INSEE"),
        (HEADER + SAVIN.replace("Savin", "Sévin"), "latin-1", "UTF-8"),
    ],
)
def test_a_wrong_file_is_told_in_french_with_its_line(tmp_path, text, encoding, message):
    with pytest.raises(CommandError, match=message):
        call_command("import_communes", write(tmp_path, text, encoding))
    assert not Commune.objects.exists()


def test_an_absent_file_is_told(tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("import_communes", tmp_path / "absent.csv")
