"""The page of the phone, its worker and what installs it."""

import gzip
import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from inspections import phone

FIRST_LOAD = 60_000
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["`](\.[^"`]+)["`]""")


def test_the_worker_keeps_all_that_the_page_is_made_of(client):
    script = client.get(reverse("phone-worker"))
    assert script["Service-Worker-Allowed"] == "/"
    assert "no-cache" in script["Cache-Control"]
    kept = json.loads(re.search(r"const FILES = (\[.*\]);", script.content.decode())[1])
    assert reverse("phone") in kept
    assert len(kept) == len(set(kept))
    for address in kept[1:]:
        assert finders.find(address.removeprefix("/static/")), address


def test_every_module_that_another_imports_is_kept():
    kept = set(phone.files())
    for name in kept:
        if not name.endswith(".js"):
            continue
        for imported in IMPORT.findall(phone._content(name).decode()):
            if "${" in imported:
                continue
            folder = name.rsplit("/", 1)[0].split("/")
            for step in imported.split("/"):
                if step == "..":
                    folder = folder[:-1]
                elif step != ".":
                    folder = [*folder, step]
            assert "/".join(folder) in kept, f"{name} imports {imported}"


def test_the_version_of_the_worker_follows_its_files(client, monkeypatch):
    before = client.get(reverse("phone-worker")).content
    assert client.get(reverse("phone-worker")).content == before
    whole = phone._content
    monkeypatch.setattr(phone, "_content", lambda name: whole(name) + (b" " if name.endswith("phone.css") else b""))
    assert client.get(reverse("phone-worker")).content != before


def test_the_first_screen_is_light(client):
    """Page, style and the modules it needs, each compressed as the server sends them; letters and other screens follow."""
    page = client.get(reverse("phone"))
    names = [*phone._modules(), "inspections/phone/phone.css"]
    weights = {name: len(gzip.compress(phone._content(name), 9)) for name in names}
    assert len(gzip.compress(page.content, 9)) + sum(weights.values()) <= FIRST_LOAD, weights
    static = re.findall(r"""(?:src|href)="/static/([^"]+\.(?:js|css|woff2))\"""", page.content.decode())
    assert set(static) == set(names), "nothing else comes with the first screen"


@pytest.mark.parametrize("name", ["phone", "phone-worker", "phone-manifest"])
def test_what_a_phone_keeps_names_nobody(name, client):
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    assert not answer.cookies, "a page that is kept sets no session and no token"


def test_the_page_shows_photos_that_only_the_phone_has(client):
    policy = client.get(reverse("phone"))["Content-Security-Policy"]
    assert "blob:" in re.search(r"img-src ([^;]+)", policy)[1]
    assert "unsafe" not in policy


def test_the_application_can_be_installed(client):
    manifest = client.get(reverse("phone-manifest")).json()
    assert manifest["display"] == "standalone"
    assert manifest["start_url"] == reverse("phone")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))
