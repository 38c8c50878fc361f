"""What the configured storage can do, found by trying: each line is an attempt, and what it left is removed."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from botocore.exceptions import ClientError
from django.conf import settings
from django.core.files.base import ContentFile

from documents import storage
from documents.backends import Adapter, DiskStorage, ObjectStorage, StorageFailed, Ticket, answering

SENTENCE = "Essai du stockage par storage_check, à effacer.".encode()
TYPE = "application/pdf"
RULE = "permis-de-louer"
LEAST_FREE = 1024**3
SECONDS = 20


class Mark(StrEnum):
    YES = "oui"
    NO = "NON"
    CARE = "attention"


@dataclass(frozen=True)
class Line:
    mark: Mark
    text: str


def examine(adapter: Adapter) -> Iterator[Line]:
    """One line after the other; whatever happens, what was written is removed at the end."""
    trial = uuid4().hex
    try:
        if isinstance(adapter, ObjectStorage):
            yield from _Bucket(adapter, trial).lines()
        else:
            yield from _disk_lines(adapter, trial)
    finally:
        for prefix in (f"{storage.QUARANTINE}/essai/{trial}", f"essai/{trial}"):
            with suppress(StorageFailed):
                for each in list(adapter.objects(prefix)):
                    adapter.remove(each.key)


def _disk_lines(disk: DiskStorage, trial: str) -> Iterator[Line]:
    root, key = Path(disk.location), f"essai/{trial}/fichier"
    yield Line(Mark.YES, f"Les fichiers sont dans le dossier {root}")
    yield from _common_lines(disk, trial)
    if not root.is_dir():
        return
    with disk.draft() as draft:
        draft.write(b"autre")
        is_replaced = disk.settle(draft, key, once=True)
    yield _line(not is_replaced, "Refuse qu’une adresse d’envoi serve deux fois")
    is_private = not root.stat().st_mode & 0o077
    advice = "" if is_private else f" : d’autres comptes de la machine y entrent, « chmod 700 {root} »"
    yield _line(is_private, f"Le dossier est fermé aux autres comptes{advice}", failing=Mark.CARE)
    free = shutil.disk_usage(root).free
    yield _line(free > LEAST_FREE, f"Place libre : {free / 1e9:.1f} Go".replace(".", ","), failing=Mark.CARE)


def _common_lines(adapter: Adapter, trial: str) -> Iterator[Line]:
    key, copy = f"essai/{trial}/fichier", f"essai/{trial}/copie"
    expected = storage.sha256_of(SENTENCE)
    yield _attempt("Écrit un fichier", lambda: adapter.write(key, ContentFile(SENTENCE)))
    yield _attempt("Le relit, et son empreinte est la bonne", lambda: _has(adapter, key, expected))
    yield _attempt("Le copie sous une autre clé, sans passer par le site", lambda: adapter.copy(key, copy))
    yield _attempt("L’empreinte de la copie est la bonne", lambda: _has(adapter, copy, expected))
    yield _attempt("Efface un fichier", lambda: (adapter.remove(copy), adapter.size_of(copy) is None)[1])


def _has(adapter: Adapter, key: str, sha256: str) -> bool:
    return storage.sha256_of_chunks(adapter.chunks(key)) == sha256


def _attempt(text: str, attempt: Callable[[], bool | None]) -> Line:
    """Done, or not, or why it could not be."""
    try:
        return _line(attempt() is not False, text)
    except StorageFailed as obstacle:
        return Line(Mark.NO, f"{text} : {obstacle.detail}")


def _line(is_good: bool, text: str, *, failing: Mark = Mark.NO) -> Line:
    return Line(Mark.YES if is_good else failing, text)


class _Bucket:
    """The attempts on an S3 server, some of them as a browser makes them."""

    def __init__(self, adapter: ObjectStorage, trial: str) -> None:
        self.adapter, self.trial = adapter, trial
        self.name = {"Bucket": adapter.bucket_name}

    def lines(self) -> Iterator[Line]:
        where = self.adapter.endpoint_url or "Amazon S3"
        reached = _attempt(f"Atteint le seau « {self.adapter.bucket_name} » de {where}", self._reach)
        yield reached
        if reached.mark == Mark.NO:
            return
        yield from _common_lines(self.adapter, self.trial)
        yield from self._put_lines()
        yield from self._get_lines()
        yield from self._browser_lines()
        yield self._versioning()
        yield from self._lock_lines()

    def _put_lines(self) -> Iterator[Line]:
        ticket, body = self._ticket(), SENTENCE
        yield _line(_ask("PUT", ticket, body) in (200, 201), "Accepte l’envoi direct d’un navigateur")
        is_refused = _is_refused("PUT", ticket, body[::-1])
        # Some servers forget `If-None-Match` in a bucket with versions. What was examined is what is kept, whatever came after.
        advice = "" if is_refused else " : sans effet sur un fichier déjà examiné"
        yield _line(is_refused, f"Refuse que la même adresse serve deux fois{advice}", failing=Mark.CARE)
        yield _line(_is_refused("PUT", self._ticket(), body + b"x"), "Refuse un octet de plus que ce qui a été annoncé")
        yield _line(_is_refused("PUT", self._ticket(), body[:-1]), "Refuse un octet de moins")
        yield _line(_is_refused("PUT", self._ticket(), body, {"Content-Type": "text/html"}), "Refuse un autre type")
        yield _line(_is_refused("PUT", _forged(self._ticket()), body), "Refuse une adresse falsifiée")
        yield self._not_made_public()
        yield self._nothing_copied()

    def _not_made_public(self) -> Line:
        """Refused, or without effect: what counts is that nobody reads it without a link."""
        key = self._key()
        _ask("PUT", self._ticket(key), SENTENCE, {"x-amz-acl": "public-read"})
        return _line(_ask("GET", self._bare(key)) != 200, "Ne laisse pas l’expéditeur rendre son fichier public")

    def _nothing_copied(self) -> Line:
        key = self._key()
        source = f"/{self.adapter.bucket_name}/essai/{self.trial}/fichier"
        with suppress(StorageFailed):
            self.adapter.write(source.split("/", 2)[2], ContentFile(SENTENCE))
        _ask("PUT", self._ticket(key), SENTENCE[::-1], {"x-amz-copy-source": source})
        is_copied = self.adapter.size_of(key) is not None and _has(self.adapter, key, storage.sha256_of(SENTENCE))
        advice = " : lancez storage_check --set-policy" if is_copied else ""
        return _line(not is_copied, f"Une adresse d’envoi ne copie pas un autre fichier{advice}", failing=Mark.CARE)

    def _get_lines(self) -> Iterator[Line]:
        key = f"essai/{self.trial}/fichier"
        with answering():
            late = self.adapter.client.generate_presigned_url("get_object", Params={**self.name, "Key": key}, ExpiresIn=1)
        link = Ticket(self.adapter.link(key, name="essai.pdf", content_type=TYPE, inline=False), {})
        yield _line(_ask("GET", link) == 200, "Donne un fichier par une adresse signée")
        yield _line(_is_refused("GET", _forged(link)), "Refuse de lire par une adresse falsifiée")
        yield _line(_is_refused("GET", self._bare(key)), "Refuse de lire sans adresse signée : le seau est privé")
        yield _line(_is_refused("GET", self._bare("?list-type=2")), "Refuse de lister le seau sans identifiants")
        time.sleep(2.1)
        yield _line(_is_refused("GET", Ticket(late, {})), "Refuse une adresse expirée")

    def _browser_lines(self) -> Iterator[Line]:
        asked = {
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": ",".join(_headers_sent(self._ticket())),
        }
        is_open = _allows(self._ticket(), settings.BASE_URL, asked)
        advice = "" if is_open else " : lancez storage_check --set-cors"
        yield _line(is_open, f"Laisse les pages de {settings.BASE_URL} y envoyer des fichiers (CORS){advice}")
        is_wide = _allows(self._ticket(), "https://autre-site.example", asked)
        yield _line(not is_wide, "Ne le permet pas aux pages d’un autre site", failing=Mark.CARE)
        parts = urlsplit(self._ticket().url)
        is_known = f"{parts.scheme}://{parts.netloc}" in settings.STORAGE_ORIGINS
        yield _line(is_known, "La politique de sécurité des pages (CSP) connaît son adresse")

    def _versioning(self) -> Line:
        try:
            with answering():
                status = self.adapter.client.get_bucket_versioning(**self.name).get("Status")
        except StorageFailed:
            return Line(Mark.CARE, "Versions : le serveur ne répond pas sur ce point")
        advice = "" if status == "Enabled" else " : un fichier effacé par erreur ne se rattrape que dans une sauvegarde"
        return _line(status == "Enabled", f"Garde les versions antérieures{advice}", failing=Mark.CARE)

    def _lock_lines(self) -> Iterator[Line]:
        days = self.adapter.lock_days
        try:
            has_lock = self.adapter.has_lock()
        except StorageFailed:
            has_lock = False
        if days:
            advice = "" if has_lock else " : ce seau ne l’a pas, il se demande à sa création ; ôtez lock= ou changez de seau"
            yield _line(has_lock, f"Verrouille les pièces déposées et les actes pendant {days} jours{advice}")
        elif has_lock:
            yield Line(Mark.CARE, "Le seau sait verrouiller (object lock), et STORAGE_URL ne le demande pas : voir « lock= »")
        else:
            yield Line(Mark.CARE, "Sans verrou (object lock) : qui détient la clé du seau peut effacer une preuve")
        if has_lock:
            with answering():
                found = self.adapter.client.get_object_lock_configuration(**self.name)["ObjectLockConfiguration"]
            has_rule = bool(found.get("Rule"))
            advice = " : ôtez cette règle, elle empêche de vider la quarantaine" if has_rule else ""
            yield _line(not has_rule, f"Ne verrouille rien de lui-même{advice}")

    def _reach(self) -> None:
        with answering():
            self.adapter.client.list_objects_v2(**self.name, MaxKeys=1)

    def _key(self) -> str:
        return f"{storage.QUARANTINE}/essai/{self.trial}/{uuid4().hex}"

    def _ticket(self, key: str = "") -> Ticket:
        return self.adapter.ticket(key or self._key(), size=len(SENTENCE), content_type=TYPE, user=0)

    def _bare(self, key: str) -> Ticket:
        """The address of a key without any signature."""
        parts = urlsplit(self.adapter.link("k", name="", content_type=TYPE, inline=False))
        path = parts.path.removesuffix("k")
        return Ticket(f"{parts.scheme}://{parts.netloc}{path}{key}", {})


def set_cors(adapter: ObjectStorage) -> None:
    """Let this site's pages, and no other's, send files to the bucket; other rules stand. Raises StorageFailed."""
    rule = {
        "ID": RULE,
        "AllowedOrigins": [settings.BASE_URL],
        "AllowedMethods": ["PUT", "GET", "HEAD"],
        "AllowedHeaders": ["content-type", "if-none-match", "x-amz-acl"],
        "MaxAgeSeconds": 3600,
    }
    with answering():
        try:
            known = adapter.client.get_bucket_cors(Bucket=adapter.bucket_name)["CORSRules"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchCORSConfiguration":
                raise
            known = []
        rules = [*(each for each in known if each.get("ID") != RULE), rule]
        adapter.client.put_bucket_cors(Bucket=adapter.bucket_name, CORSConfiguration={"CORSRules": rules})


def set_policy(adapter: ObjectStorage) -> None:
    """Forbid to copy into quarantine, which nobody needs; the rest of the bucket's policy stands. Raises StorageFailed."""
    statement = {
        "Sid": RULE,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{adapter.bucket_name}/{storage.QUARANTINE}/*",
        "Condition": {"StringLike": {"s3:x-amz-copy-source": "*"}},
    }
    with answering():
        try:
            policy = json.loads(adapter.client.get_bucket_policy(Bucket=adapter.bucket_name)["Policy"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
                raise
            policy = {"Version": "2012-10-17", "Statement": []}
        policy["Statement"] = [*(each for each in policy["Statement"] if each.get("Sid") != RULE), statement]
        adapter.client.put_bucket_policy(Bucket=adapter.bucket_name, Policy=json.dumps(policy))


def _forged(ticket: Ticket) -> Ticket:
    name = "Signature="
    before, _, signature = ticket.url.partition(name)
    return Ticket(f"{before}{name}{'0' if signature[0] != '0' else '1'}{signature[1:]}", ticket.headers)


def _headers_sent(ticket: Ticket) -> list[str]:
    return sorted(name.lower() for name in ticket.headers)


def _is_refused(method: str, ticket: Ticket, body: bytes | None = None, more: dict[str, str] | None = None) -> bool:
    return 400 <= _ask(method, ticket, body, more) < 500


def _allows(ticket: Ticket, origin: str, asked: dict[str, str]) -> bool:
    status, headers = _send("OPTIONS", ticket.url, None, {"Origin": origin, **asked})
    return status in (200, 204) and headers.get("access-control-allow-origin") in (origin, "*")


def _ask(method: str, ticket: Ticket, body: bytes | None = None, more: dict[str, str] | None = None) -> int:
    return _send(method, ticket.url, body, ticket.headers | (more or {}))[0]


def _send(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, dict[str, str]]:
    """As a browser does, without our keys; 0 where the server hangs up."""
    parts = urlsplit(url)
    kind: Any = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.netloc, timeout=SECONDS)) as connection:
        try:
            connection.request(method, f"{parts.path}?{parts.query}", body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return 0, {}
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}
