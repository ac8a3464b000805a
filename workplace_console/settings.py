"""Settings, all from the environment (or `.env`); see docs/operations.md for the table.

R: I2. With DEMO=1 (set by make) or DEBUG=1 demo values fill the gaps; without, a missing or
unsafe value is refused at start, by name.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from workplace_console.common import days
from workplace_console.common.particles import fitted

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
RELAXED = DEBUG or DEMO


def required(name: str, demo: str) -> str:
    """The value of an environment variable; its demo value only where demo values may serve."""
    value: str = env.str(name, default=demo if RELAXED else "")
    if not value:
        raise ImproperlyConfigured(f"{name}: 값이 없습니다. 환경 변수로 지정하세요.")
    return value


def number(name: str, *, default: int, least: int) -> int:
    """A whole number from the environment."""
    text = env.str(name, default=str(default))
    if not text.isdecimal() or not least <= int(text) <= 36_500:
        raise ImproperlyConfigured(f"{name}: {least} 이상의 정수로 지정하세요.")
    return int(text)


SECRET_KEY = required("SECRET_KEY", "demo-only-" + "0123456789abcdef" * 4)
if not RELAXED and (
    len(SECRET_KEY) < 50
    or len(set(SECRET_KEY)) < 10
    or SECRET_KEY.startswith(("demo-only-", "django-insecure-"))
):
    raise ImproperlyConfigured("SECRET_KEY: 50자 이상의 무작위 값으로 지정하세요.")

# What seals secrets in the database (common.sealed): the first seals, all of them open.
SEALING_KEYS = [
    key.strip() for key in env.str("SEALING_KEYS", default="").split(",") if key.strip()
] or [SECRET_KEY]
if not RELAXED and any(len(key) < 32 for key in SEALING_KEYS):
    raise ImproperlyConfigured("SEALING_KEYS: 32자 이상의 무작위 값을 쉼표로 나눠 지정하세요.")

# Where administrators open the console, and the domain below which each company has its own host.
CONSOLE_URL = required("CONSOLE_URL", f"http://localhost:{env.str('PORT', default='8000')}")
if not re.fullmatch(r"https?://[a-z0-9.-]+(:[0-9]+)?", CONSOLE_URL):
    raise ImproperlyConfigured(
        "CONSOLE_URL: https://console.example처럼 주소만, 끝에 / 없이 지정하세요."
    )
COMPANY_DOMAIN = required("COMPANY_DOMAIN", "localhost")
ALLOWED_HOSTS = [
    host.strip() for host in required("ALLOWED_HOSTS", "localhost,127.0.0.1,.localhost").split(",")
]
if not RELAXED and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS: *은 쓸 수 없습니다. 호스트 이름을 지정하세요.")

# --- Servers -------------------------------------------------------------------------------------

# manage.py and the supervisor put the embedded servers' addresses here before settings are read;
# the stand-in below only serves commands that open no connection.
DATABASES = {
    "default": env.db_url_config(
        required("DATABASE_URL", "postgres://nobody@127.0.0.1:1/workplace")
    )
    | {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL: PostgreSQL만 쓸 수 있습니다. postgres://…로 지정하세요."
    )
SIMULATE_DATABASE_URL = env.str("SIMULATE_DATABASE_URL", default="")

CELERY_BROKER_URL = required("REDIS_URL", "redis://127.0.0.1:1/0")
if not CELERY_BROKER_URL.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured("REDIS_URL: redis://…로 지정하세요.")
# A message is only a hint to look: what is due stands in the database, and beat looks again anyway.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Seoul"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

EMAIL_CONFIG = env.email_url_config(required("EMAIL_URL", f"filemail:///{VAR_DIR / 'mail'}"))
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
if EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend":
    # A file a mail, so that a company's can be told apart.
    EMAIL_BACKEND = "workplace_console.common.mailbox.EmailBackend"
if not RELAXED and EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
    raise ImproperlyConfigured("EMAIL_URL: 메일 서버를 smtp://…로 지정하세요.")
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"]
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = EMAIL_CONFIG["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default=f"WORKPLACE <no-reply@{COMPANY_DOMAIN}>")

# --- The business --------------------------------------------------------------------------------

TRIAL_DAYS = number("TRIAL_DAYS", default=30, least=1)  # R: B1
NIGHT_SHARES = number("NIGHT_SHARES", default=1, least=1)
DELETION_GRACE_DAYS = number("DELETION_GRACE_DAYS", default=0, least=0)  # R: G3
# What was deleted is written down here, outside of the database and its backups.
DELETION_REGISTER = env.path("DELETION_REGISTER", default=str(VAR_DIR / "deletions.jsonl"))  # R: G3
BACKUP_RETENTION_DAYS = number("BACKUP_RETENTION_DAYS", default=30, least=0)  # R: G3
PAYMENT_DUE_DAY = number("PAYMENT_DUE_DAY", default=10, least=1)  # R: E12
if PAYMENT_DUE_DAY > 28:
    raise ImproperlyConfigured("PAYMENT_DUE_DAY: 1부터 28 사이로 지정하세요.")
# Whether a file with people's data is handed out only to who says why; the demo lets links be.
EXPORT_REASON_REQUIRED = env.bool("EXPORT_REASON_REQUIRED", default=not RELAXED)  # R: H2
API_CALLS_A_MINUTE = number("API_CALLS_A_MINUTE", default=600, least=1)  # R: H4, for each token
LINE_WORKS_URL = env.str("LINE_WORKS_URL", default="https://line.worksmobile.com/")  # R: D6
LOW_CAPACITY_PERCENT = number("LOW_CAPACITY_PERCENT", default=10, least=1)  # R: D3

# R: E10. The gateway that cards are charged through (billing.gateway); without a secret there is
# none in earnest, and the demo has one of its own.
PORTONE_API_SECRET = env.str("PORTONE_API_SECRET", default="")
PORTONE_API_URL = env.str("PORTONE_API_URL", default="https://api.portone.io")
PORTONE_STORE_ID = env.str("PORTONE_STORE_ID", default="")
PORTONE_CHANNEL_KEY = env.str("PORTONE_CHANNEL_KEY", default="")
PORTONE_WEBHOOK_SECRET = env.str("PORTONE_WEBHOOK_SECRET", default="")
PORTONE_CARD_URL = env.str("PORTONE_CARD_URL", default="")
MOCK_GATEWAY = RELAXED
for _name, _url in (("PORTONE_API_URL", PORTONE_API_URL), ("PORTONE_CARD_URL", PORTONE_CARD_URL)):
    if _url and not RELAXED and not _url.startswith("https://"):
        raise ImproperlyConfigured(f"{_name}: https://…로 지정하세요.")
if PORTONE_API_SECRET and not PORTONE_STORE_ID:
    raise ImproperlyConfigured("PORTONE_STORE_ID: 값이 없습니다. 환경 변수로 지정하세요.")
# Where a bank transfer goes to, as it stands on bills.
BANK_ACCOUNT = env.str(
    "BANK_ACCOUNT", default="예시은행 000-12-345678 WORKPLACE 주식회사(예시)" if RELAXED else ""
)

# R: I3. A fixed business day, for demonstrations only.
CONSOLE_TODAY: date | None = None
if _fixed := env.str("CONSOLE_TODAY", default=""):
    if not RELAXED:
        raise ImproperlyConfigured("CONSOLE_TODAY: DEMO나 DEBUG에서만 쓸 수 있습니다.")
    try:
        CONSOLE_TODAY = days.parse(_fixed)
    except ValueError:
        raise ImproperlyConfigured(
            fitted(f"CONSOLE_TODAY: {_fixed!r}은(는) 날짜가 아닙니다. YYYY-MM-DD로 지정하세요.")
        ) from None

# R: E12. Who issues the invoices; kept on each invoice as of its day.
SUPPLIER = {
    field: env.str(f"SUPPLIER_{field.upper()}", default=example if RELAXED else "")
    for field, example in (
        ("name", "WORKPLACE 주식회사(예시)"),
        ("business_number", "9998100072"),
        ("representative", "홍길동"),
        ("address", "서울특별시 예시로 1"),
    )
}

# --- Django --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "workplace_console",
    "workplace_console.common",
    "groupco",
    "products",
    "billing",
    "workplace_console.support.apps.SupportConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages; files of ours are compressed once, by collectstatic. A page's secrets differ in every
    # answer, and so does its length.
    "django.middleware.gzip.GZipMiddleware",
    "workplace_console.middleware.content_security_policy",
    # Before whatever asks the database: that it is away is said in the reader's language.
    "workplace_console.middleware.language",
    "workplace_console.middleware.only_utf8",
    "workplace_console.middleware.company_host",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "workplace_console.middleware.session_of_its_host",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "workplace_console.urls"
WSGI_APPLICATION = "workplace_console.wsgi.application"
TEMPLATES = [
    {
        "NAME": "html",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workplace_console.pages.frame.frame",
            ],
        },
    },
    # Mails and notices are plain text: nothing is escaped.
    {
        "NAME": "text",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False},
    },
]
# Fields are drawn by templates/django/forms.
FORM_RENDERER = "workplace_console.common.controls.Renderer"

AUTH_USER_MODEL = "groupco.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
# Sessions lie in the database: Redis may lose everything. Cookies carry no domain, so each host
# has its own (R: A5).
SESSION_ENGINE = "groupco.sessions"
# A sign-in ends after so many hours, and sooner when nobody uses it.
SESSION_HOURS = number("SESSION_HOURS", default=12, least=1)
SESSION_IDLE_MINUTES = number("SESSION_IDLE_MINUTES", default=720 if RELAXED else 60, least=1)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
# Money, deletion and the support site need a second factor; and who it is must have been
# shown so many minutes ago at most.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not RELAXED)
FRESH_SIGN_IN_MINUTES = number("FRESH_SIGN_IN_MINUTES", default=30 if RELAXED else 10, least=1)
SESSION_COOKIE_NAME = "console_session"
CSRF_COOKIE_NAME = "console_csrf"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "console_language"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
# A roster of 5 MB is shown before it is taken over, so it travels in a form field.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "ko"
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
LANGUAGES = [("ko", "한국어"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "workplace_console" / "locale"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# In earnest, `collectstatic` gives each file a name that changes with its content.
STATIC_ROOT = None if RELAXED else VAR_DIR / "static"
WHITENOISE_USE_FINDERS = RELAXED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if RELAXED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Named as in Django 6, whose own middleware takes over then. Nothing inline, no other host.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}

# Everything but the demo speaks HTTPS only.
SECURE_SSL_REDIRECT = not RELAXED
SECURE_HSTS_SECONDS = 0 if RELAXED else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not RELAXED
SECURE_HSTS_PRELOAD = not RELAXED
SESSION_COOKIE_SECURE = not RELAXED
CSRF_COOKIE_SECURE = not RELAXED
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # One writes addresses, and keys of cards stand in those of the gateway; the other names of
    # passkeys.
    "loggers": {"httpx": {"level": "WARNING"}, "fido2": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
