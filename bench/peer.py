"""What the phone is compared with: the task form of viewflow's own interface, in a site of its own."""

from bench.settings import *  # noqa: F403

INSTALLED_APPS = ["viewflow", *INSTALLED_APPS, "bench"]  # noqa: F405
MIDDLEWARE = [each for each in MIDDLEWARE if "csp" not in each]  # noqa: F405
MIDDLEWARE += ["viewflow.middleware.SiteMiddleware", "viewflow.middleware.HotwireTurboMiddleware"]
ROOT_URLCONF = "bench.peer_urls"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
LOGIN_URL = "/accounts/login/"

STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}  # noqa: F405  its style sheets name files it lacks
# Nothing of our pages around theirs.
TEMPLATES[0]["DIRS"] = []  # noqa: F405
_kept = [each for each in TEMPLATES[0]["OPTIONS"]["context_processors"] if each.startswith("django")]  # noqa: F405
TEMPLATES[0]["OPTIONS"] = {"context_processors": _kept}  # noqa: F405
