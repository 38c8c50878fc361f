"""Settings, all read from the environment here and nowhere else. `docs/deploiement.md` lists the variables."""

import os
import sys
import warnings
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from config.cluster import Cluster
from documents.storage_urls import Bucket

# It advises a successor that the architecture rules out; every command would begin with it.
warnings.filterwarnings("ignore", message="The 'django-fsm' package has been integrated", category=UserWarning)

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("PERMIS_DATA_DIR") or BASE_DIR / ".data").absolute()
# pytest-django reads the settings before any conftest: pytest itself is the sign, however it was started.
TESTING = bool(os.environ.get("PERMIS_TEST")) or "pytest" in sys.modules
DATABASE_URL = os.environ.get("DATABASE_URL", "")
# Without a database of its own, this is the demo or a developer's machine: the embedded server, mails kept on disk.
DEMO = not DATABASE_URL
PRODUCTION = not DEMO and not TESTING
DEBUG = bool(os.environ.get("DEBUG"))

SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = [host for host in os.environ.get("ALLOWED_HOSTS", "").split(",") if host]
BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
if PRODUCTION:
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY manque ou a moins de 50 caractères : donnez une longue chaîne tirée au hasard.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG est interdit en production : il montrerait des données personnelles. Retirez-le.")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS manque : donnez le ou les noms du site, séparés par des virgules.")
    if not BASE_URL.startswith("https://"):
        raise ImproperlyConfigured("BASE_URL manque ou n’est pas en https : donnez l’adresse publique du site.")
else:
    SECRET_KEY = SECRET_KEY or "demonstration-and-tests-only-never-in-production-0123456789"
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["127.0.0.1", "localhost", "testserver"]

INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "viewflow.workflow",
    "territories",
    "accounts",
    "permis",
    "documents",
    "inspections",
    "notifications",
    "workflows",
    "config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.refuse_null_characters",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
            "builtins": ["config.templatetags.pl", "workflows.templatetags.badges"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- Data: one database, PostgreSQL; files on disk or in object storage

CLUSTER = Cluster(DATA_DIR / ("postgres-test" if TESTING else "postgres"), throwaway=TESTING)
if DATABASE_URL:
    if not DATABASE_URL.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL doit désigner une base PostgreSQL : postgresql://utilisateur:secret@hôte/base.")
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "config.embedded",
            "NAME": "postgres",
            "USER": "permis",
            "HOST": str(CLUSTER.socket_dir),
            "CLUSTER": str(CLUSTER.home),
            "THROWAWAY": TESTING,
            # Threads of a test end without a word: nothing of theirs stays connected.
            "CONN_MAX_AGE": 0 if TESTING else 60,
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

STORAGE_URL = os.environ.get("STORAGE_URL", "")
STORAGES = {
    "default": Bucket.of(STORAGE_URL).as_setting()
    if STORAGE_URL
    else {
        "BACKEND": "documents.backends.DiskStorage",
        "OPTIONS": {"location": DATA_DIR / ("files-test" if TESTING else "files")},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Where browsers send files to and read pictures from, beside this site.
STORAGE_ORIGINS = Bucket.of(STORAGE_URL).origins if STORAGE_URL else []
CLAMD_URL = os.environ.get("CLAMD_URL", "")
if CLAMD_URL and not CLAMD_URL.startswith(("unix:///", "tcp://")):
    raise ImproperlyConfigured("CLAMD_URL est mal écrite : unix:///run/clamav/clamd.ctl ou tcp://hôte:3310.")
# The public register of energy certificates; empty, nobody is asked, and the officer reads « jamais vérifié ».
ADEME_URL = "" if TESTING else os.environ.get("ADEME_URL", "").rstrip("/")
# Background of the maps, « https://tuiles.exemple/{z}/{x}/{y}.png »; empty, they are drawn on a plain ground.
TILES_URL = "" if TESTING else os.environ.get("TILES_URL", "")
TILES_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(TILES_URL.replace("{s}", "*")))] if TILES_URL else []
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1500

NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist" / "css"),
    ("vendor/lit-html", NODE_MODULES / "lit-html"),
    ("vendor/idb", NODE_MODULES / "idb" / "build"),
    ("vendor/leaflet", NODE_MODULES / "leaflet" / "dist"),
    ("vendor/leaflet.markercluster", NODE_MODULES / "leaflet.markercluster" / "dist"),
    ("vendor/atkinson", NODE_MODULES / "@fontsource-variable" / "atkinson-hyperlegible-next" / "files"),
]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

# -- People

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if TESTING
    else ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.NameForm"
ACCOUNT_FORMS = {"login": "accounts.forms.SignInForm", "signup": "accounts.signup.SignUpForm"}
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
# Beside allauth's own: what one account may start in an hour, well above what an agency does in a day.
ACCOUNT_RATE_LIMITS = {
    "new_draft": "30/h/user",
    "announce_file": "600/h/user",
    "export": "120/h/user",
    "opinion": "20/h/ip",
    "qualification": "300/h/ip",
    "find_permit": "20/h/user,60/h/ip",
    "file_transfer": "10/h/user",
}
ACCOUNT_ADAPTER = "notifications.account_mail.AccountAdapter"

# -- Language and time; the days that count are those of each authority

LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
FORMAT_MODULE_PATH = ["config.formats"]

# -- Mail: rows of the outbox, delivered by the worker

DEFAULT_FROM_EMAIL = os.environ.get("FROM_EMAIL", "permis-de-louer@localhost")
EMAIL_URL = os.environ.get("EMAIL_URL", "")
MAIL_DIR = DATA_DIR / "courriels"
if TESTING:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
elif EMAIL_URL:
    _mail = urlsplit(EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname, _mail.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme != "smtps" and bool(_mail.username)
    EMAIL_TIMEOUT = 20
elif PRODUCTION:
    raise ImproperlyConfigured(
        "EMAIL_URL manque : sans serveur de messagerie, aucun acte ne partirait. Exemple : smtps://compte:secret@hôte:465."
    )
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR

# -- Seal of the acts

SEAL_PKCS12 = os.environ.get("SEAL_PKCS12", "")
SEAL_PASSWORD = os.environ.get("SEAL_PASSWORD", "")
if PRODUCTION and not SEAL_PKCS12:
    raise ImproperlyConfigured("SEAL_PKCS12 manque : donnez le chemin du certificat (PKCS #12) qui scelle les actes.")

# -- Browsers

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "img-src": ["'self'", "data:", *STORAGE_ORIGINS, *TILES_ORIGINS],
        "connect-src": ["'self'", *STORAGE_ORIGINS],
        "frame-src": ["'self'"],
        "object-src": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # an act is shown inside the page that signs it
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # hence not "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# -- Logs are for operators: a constant message and keys, never a name, an address or an e-mail

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "config.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"hosts": {"()": "config.logs.WithoutStrayHosts"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "line"}},
    "loggers": {"django.security.DisallowedHost": {"filters": ["hosts"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING" if DEMO else "INFO")},
}
