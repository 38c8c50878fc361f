"""What `storage_check` says of a disk and of a real S3 server, and what it leaves behind: nothing."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.documents import places, sending
from tests.documents.places import BUCKET, closed_folder

pytestmark = pytest.mark.django_db
SITE = "https://permis.example.fr"


def check(*options):
    """Each line said under its mark, and whether the command fails."""
    output = StringIO()
    try:
        call_command("storage_check", *options, stdout=output)
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    lines = output.getvalue().splitlines()
    said = {
        mark: [line.removeprefix(mark).strip() for line in lines if line.startswith(mark)] for mark in ("oui", "NON", "attention")
    }
    return said, lines[-1], code


@pytest.fixture
def at_the_site(settings, s3_server):
    settings.BASE_URL, settings.STORAGE_ORIGINS = SITE, [s3_server.endpoint]


def test_a_disk_does_all_that_is_asked_of_it():
    said, last, code = check()
    assert (said["NON"], said["attention"], last, code) == ([], [], f"{len(said['oui'])} essais, 0 en échec, 0 à savoir.", 0)
    assert "Refuse qu’une adresse d’envoi serve deux fois" in said["oui"]
    assert sending.keys("") == []


def test_a_disk_where_nothing_can_be_written_fails(settings):
    with closed_folder(Path(settings.STORAGES["default"]["OPTIONS"]["location"])):
        said, _, code = check()
    assert (code, said["NON"][0].startswith("Écrit un fichier : ")) == (1, True)


def test_a_folder_that_others_read_is_said(settings):
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    folder.mkdir(parents=True, mode=0o755)
    folder.chmod(0o755)
    said, _, code = check()
    assert (code, said["attention"]) == (
        0,
        [f"Le dossier est fermé aux autres comptes : d’autres comptes de la machine y entrent, « chmod 700 {folder} »"],
    )


def test_the_settings_of_a_bucket_are_not_those_of_a_disk():
    with pytest.raises(CommandError, match="sur le disque"):
        check("--set-cors")


@pytest.mark.s3
def test_a_new_bucket_lacks_what_two_options_give_it(at_the_site, settings, s3_server):
    with places.bucket_of(s3_server, settings) as client:
        said, _, code = check()
        assert code == 1
        assert said["NON"] == [f"Laisse les pages de {SITE} y envoyer des fichiers (CORS) : lancez storage_check --set-cors"]
        assert "Une adresse d’envoi ne copie pas un autre fichier : lancez storage_check --set-policy" in said["attention"]

        others = {
            "Sid": "other",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": "arn:aws:s3:::permis/x",
        }
        client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [others]}))
        for _ in range(2):
            said, last, code = check("--set-cors", "--set-policy")
            assert (said["NON"], code) == ([], 0)
            assert said["attention"] == [
                "Garde les versions antérieures : un fichier effacé par erreur ne se rattrape que dans une sauvegarde",
                "Sans verrou (object lock) : qui détient la clé du seau peut effacer une preuve",
            ]
        assert last == f"{len(said['oui']) + 2} essais, 0 en échec, 2 à savoir."
        assert "Refuse un octet de plus que ce qui a été annoncé" in said["oui"]
        assert "Refuse de lire sans adresse signée : le seau est privé" in said["oui"]
        policy = json.loads(client.get_bucket_policy(Bucket=BUCKET)["Policy"])
        assert [each["Sid"] for each in policy["Statement"]] == ["other", "permis-de-louer"]
        assert sending.keys("") == []


@pytest.mark.s3
def test_versions_and_locks_are_said(at_the_site, settings, s3_server):
    with places.bucket_of(s3_server, settings, lock=True) as client:
        places.use(settings, places.address(s3_server, lock=365))
        said, _, code = check("--set-cors", "--set-policy")
        assert (code, said["NON"]) == (0, [])
        assert said["attention"] == ["Refuse que la même adresse serve deux fois : sans effet sur un fichier déjà examiné"]
        assert "Verrouille les pièces déposées et les actes pendant 365 jours" in said["oui"]
        assert "Versions" not in client.list_object_versions(Bucket=BUCKET)

        rule = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}}
        client.put_object_lock_configuration(Bucket=BUCKET, ObjectLockConfiguration=rule)
        said, _, code = check()
        assert code == 1
        assert "Ne verrouille rien de lui-même : ôtez cette règle, elle empêche de vider la quarantaine" in said["NON"]


@pytest.mark.s3
def test_a_lock_that_the_bucket_does_not_have_is_a_failure(at_the_site, settings, s3_server):
    with places.bucket_of(s3_server, settings):
        places.use(settings, places.address(s3_server, lock=365))
        said, _, code = check("--set-cors")
        assert (code, len(said["NON"])) == (1, 1)
        assert said["NON"][0].startswith("Verrouille les pièces déposées")


@pytest.mark.s3
def test_a_bucket_that_is_open_to_all_is_a_failure(at_the_site, settings, s3_server):
    with places.bucket_of(s3_server, settings) as client:
        allowed = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
        client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}))
        said, _, code = check("--set-cors")
        assert (code, "Refuse de lire sans adresse signée : le seau est privé" in said["NON"]) == (1, True)


@pytest.mark.s3
def test_a_server_that_does_not_answer_is_a_failure(at_the_site, settings, s3_server):
    places.use(settings, places.address(s3_server, endpoint="http://127.0.0.1:9", timeout=1))
    said, last, code = check()
    assert (code, last) == (1, "1 essais, 1 en échec, 0 à savoir.")
    assert said["NON"][0].startswith(f"Atteint le seau « {BUCKET} »")
