"""Django's settings, from the environment and the data folder (docs/settings.md). Refuses what is unsafe (check.py)."""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from cersgroups.config.check import Safety, is_public, refuse_unsafe
from cersgroups.config.database import databases
from cersgroups.config.log import FORMATTERS
from cersgroups.config.mail import mail
from cersgroups.config.monitoring import networks, token_from
from cersgroups.config.secret import secret_file, secret_key
from cersgroups.config.sign_in import *  # noqa: F403 - settings are names in this module
from cersgroups.config.sign_in import providers
from cersgroups.core import environment
from cersgroups.core.loopback import is_loopback
from cersgroups.core.password import SHORTEST
from cersgroups.core.retention import LEAST_DAYS, MOST_DAYS, Kept
from cersgroups.records.bucket import named_bucket
from cersgroups.records.encryption_key import checked_keys, encryption_file
from cersgroups.records.folder import data_folder

DATA_FOLDER = data_folder()
BUCKET = named_bucket(
    environment.text("CERSGROUPS_BUCKET"),
    environment.address("CERSGROUPS_BUCKET_ENDPOINT"),
    environment.text("CERSGROUPS_BUCKET_PREFIX"),
)
HOST = environment.text("CERSGROUPS_HOST")
PORT = environment.number("CERSGROUPS_PORT")
URL = environment.address("CERSGROUPS_URL", f"http://{f'[{HOST}]' if ':' in HOST else HOST}:{PORT}").rstrip("/")
HTTPS = URL.startswith("https://")

DEBUG = environment.flag("CERSGROUPS_DEBUG")
SECRET_KEY = secret_key(DATA_FOLDER)
ENCRYPTION_KEYS = environment.names("CERSGROUPS_ENCRYPTION_KEYS")
checked_keys(ENCRYPTION_KEYS)
ALLOWED_HOSTS = environment.names("CERSGROUPS_ALLOWED_HOSTS") or [urlsplit(URL).hostname or ""]
OUTGOING_HOSTS = environment.hosts("CERSGROUPS_OUTGOING_HOSTS")
if is_loopback(HOST):
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [URL]

_WEB = find_spec("cersgroups.web")
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    *(["cersgroups.web"] if _WEB else []),  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "cersgroups.records",
]
MIDDLEWARE = [
    "cersgroups.web.probe.ProbeMiddleware",  # before all that needs a host name, a session or TLS
    "django.middleware.security.SecurityMiddleware",
    "cersgroups.web.policy.PolicyMiddleware",
    "cersgroups.api.problem.ProblemMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "cersgroups.web.body_limit.UploadLimitMiddleware",  # before CSRF, which reads the form
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cersgroups.web.idle.IdleMiddleware",
    "cersgroups.web.access.WhoMiddleware",
    "cersgroups.web.page_limit.PageLimitMiddleware",
    "cersgroups.web.error.StopMiddleware",
]
ROOT_URLCONF = "cersgroups.config.urls"
WSGI_APPLICATION = "cersgroups.config.wsgi.application"
MAIL_TEMPLATES = [Path(__file__).parents[1] / "jobs" / "templates"]
API_TEMPLATES = [Path(__file__).parents[1] / "api" / "templates"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [*MAIL_TEMPLATES, *API_TEMPLATES],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cersgroups.web.layout.layout",
            ]
        },
    }
]

DATABASES = databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "records.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": SHORTEST}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "cersgroups.actions.password.BreachValidator"},
    {"NAME": "cersgroups.actions.password.WordValidator"},
]
SOCIALACCOUNT_PROVIDERS = providers()
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # then it is loopback: check.py refuses any other
CSRF_FAILURE_VIEW = "cersgroups.web.error.csrf_failure"
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "home"
PASSWORD_RESET_TIMEOUT = 24 * 3600

SECURE_COOKIES = environment.flag("CERSGROUPS_SECURE_COOKIES", HTTPS)
BEHIND_PROXY = environment.flag("CERSGROUPS_BEHIND_PROXY")
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS and BEHIND_PROXY
SECURE_REDIRECT_EXEMPT = [r"^api/(?!docs$)"]  # programs are refused (api/problem.py), people sent on
SECURE_HSTS_SECONDS = environment.number("CERSGROUPS_HSTS_SECONDS", 365 * 24 * 3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
# Whether browsers shall know the name beforehand (HSTS preload) is for whoever owns it to say.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from OIDC
SESSION_COOKIE_NAME = "__Host-session" if SECURE_COOKIES else "session"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE_COOKIES else "csrftoken"
MESSAGE_COOKIE_NAME = "__Host-messages" if SECURE_COOKIES else "messages"
MESSAGE_STORAGE = "cersgroups.web.message.MessageStorage"
SESSION_ENGINE = "cersgroups.web.session"
SESSION_COOKIE_AGE = 12 * 3600  # from signing in
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_MINUTES = environment.number("CERSGROUPS_IDLE_MINUTES")

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_NUMBER_FILES = 100  # a roster, its side files and its mapping: actions/roster_file.py says how many
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024**2
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_TEMP_DIR = str(DATA_FOLDER / "uploading")
Path(FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, exist_ok=True)
ROSTER_MAX_BYTES = environment.number("CERSGROUPS_ROSTER_MAX_MB") * 1024**2
SCANNER = environment.text("CERSGROUPS_SCANNER")

KEEP_DAYS: dict[Kept, int | None] = {
    kept: environment.days(f"CERSGROUPS_KEEP_{kept.upper()}_DAYS", least, MOST_DAYS)
    for kept, least in LEAST_DAYS.items()
}

API_USES_PER_MINUTE = environment.number("CERSGROUPS_API_PER_MINUTE")
PAGES_PER_MINUTE = environment.number("CERSGROUPS_PAGES_PER_MINUTE")

UPLOAD_STATUS_SECONDS = environment.number("CERSGROUPS_UPLOAD_STATUS_SECONDS")
UPLOAD_PAUSE_SECONDS = environment.number("CERSGROUPS_UPLOAD_PAUSE_SECONDS")

METRICS_NETWORKS = networks(environment.text("CERSGROUPS_METRICS_ADDRESSES"))
METRICS_TOKEN = token_from(environment.text("CERSGROUPS_METRICS_TOKEN_FILE"))

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "America/Los_Angeles"

# Counts failed tries to sign in; in the database: all processes must see them, and many, so that none is pushed out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = environment.text("CERSGROUPS_STATIC", str(DATA_FOLDER / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

EMAIL_BACKEND, EMAIL_OPTIONS = mail(public=is_public(HOST, URL))
EMAIL_HOST, EMAIL_PORT = EMAIL_OPTIONS.host, EMAIL_OPTIONS.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_OPTIONS.user, EMAIL_OPTIONS.password
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_OPTIONS.starttls, EMAIL_OPTIONS.tls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("CERSGROUPS_MAIL_FROM", f"cersgroups@{urlsplit(URL).hostname}")

PROCRASTINATE_IMPORT_PATHS = [
    f"cersgroups.jobs.{noun}"
    for noun in (
        "snapshot",
        "sync",
        "sync_mail",
        "source",
        "extract",
        "upload",
        "upload_waiting",
        "credential",
        "retention",
        "session",
        "scheduled_run",
        "due",
        "rescue",
        "tidy",
    )
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""

# Nothing here logs what a request holds or a query binds: they are students' data.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": FORMATTERS,
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": environment.choice("CERSGROUPS_LOG_FORMAT"),
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.db.backends": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "procrastinate": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "cersgroups": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}

refuse_unsafe(
    Safety(
        debug=DEBUG,
        host=HOST,
        url=URL,
        allowed_hosts=ALLOWED_HOSTS,
        secure_cookies=SECURE_COOKIES,
        behind_proxy=BEHIND_PROXY,
        secret_key=SECRET_KEY,
        secret_files=[secret_file(DATA_FOLDER), encryption_file()],
        data_folder=DATA_FOLDER,
        databases=DATABASES,
        bucket=BUCKET,
        shared={
            name: bool(environment.text(name))
            for name in ("DATABASE_URL", "CERSGROUPS_SECRET_KEY", "CERSGROUPS_ENCRYPTION_KEYS")
        },
    )
)
