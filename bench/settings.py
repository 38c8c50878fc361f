"""The site as it is, plus what it is compared with."""

import os

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
STORAGES["plain"] = {  # noqa: F405
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"location": DATA_DIR / "plain"},  # noqa: F405
}
if os.environ.get("BENCH_IN_MEMORY"):
    FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
if os.environ.get("BENCH_STATIC"):
    # Compressed and with a long life, as in production.
    STATIC_ROOT = os.environ["BENCH_STATIC"]
    STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}  # noqa: F405
    WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
if os.environ.get("BENCH_DATABASE"):
    # A copy beside the database of the site, for one of those it is compared with.
    DATABASES["default"]["NAME"] = os.environ["BENCH_DATABASE"]  # noqa: F405
