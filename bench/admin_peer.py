"""What the worklist is compared with: the changelist of Django's admin on the same cases, in a site of its own."""

from bench.settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS]  # noqa: F405
ROOT_URLCONF = "bench.admin_urls"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
# Nothing of our pages around theirs.
TEMPLATES[0]["DIRS"] = []  # noqa: F405
_kept = [each for each in TEMPLATES[0]["OPTIONS"]["context_processors"] if each.startswith("django")]  # noqa: F405
TEMPLATES[0]["OPTIONS"] = {"context_processors": _kept}  # noqa: F405
