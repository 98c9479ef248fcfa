"""All settings, read from the environment; the defaults suit a developer's machine.

DATABASE_URL is the application's role: no superuser, no BYPASSRLS, owns nothing.
OWNER_DATABASE_URL owns the tables: migrations, partitions and `create_tenant` use it.
"""

import os
from pathlib import Path

import environ
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as CacheConnectionError
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
# Without a database only pure commands such as simulate run, and they need no secret.
SECRET_KEY = (
    env.str("SECRET_KEY", default="only-for-development")
    if DEBUG or "DATABASE_URL" not in os.environ
    else env.str("SECRET_KEY")
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", ".localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
DEMO_SIGN_IN = env.bool("DEMO_SIGN_IN", default=False)
NODE_MODULES = Path(env.str("NODE_MODULES", default=str(BASE_DIR / "node_modules")))
VAR_DIR = Path(env.str("TRIPACT_HOME", default=str(BASE_DIR / "var")))

ROOMS = [
    "tenancy",
    "jobs",
    "ui",
    "audit",
    "accounts",
    "catalogue",
    "dealers",
    "assortment",
    "approvals",
    "ledger",
    "alliance",
    "pricing",
    "ordering",
    "rebates",
    "analytics",
    "integrations",
    "imports",
    "simulations",
    "portal",
    "demo",
]
INSTALLED_APPS = [
    "portal.admin_app.TripactAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "guardian",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "csp",
    "django_celery_beat",
    "django_structlog",
    *ROOMS,
]

MIDDLEWARE = [
    "config.middleware.RootPathMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.PrivateCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.LogMiddleware",
    "tenancy.middleware.RequestTransactionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.input_checks.ReadableInputMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.ActorMiddleware",
    "accounts.web.second_factor_step.SecondStepMiddleware",
    "integrations.idempotency.IdempotencyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "config.middleware.context",
                "portal.web.navigation.context",
            ],
            "builtins": ["ui.templatetags.display"],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    database = environ.Env.db_url_config(url)
    database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    database["CONN_HEALTH_CHECKS"] = True
    database["DISABLE_SERVER_SIDE_CURSORS"] = False
    # JIT compilation takes longer than most of our statements run.
    database.setdefault("OPTIONS", {}).setdefault("options", "-c jit=off")
    return database


DATABASES = {"default": _database(env.str("DATABASE_URL", default="postgres:///tripact"))}
if owner_url := env.str("OWNER_DATABASE_URL", default=""):
    DATABASES["owner"] = {**_database(owner_url), "TEST": {"MIRROR": ""}}
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")
# What a request spends on the cache at most; each use of it is optional (jobs.optional_cache).
CACHE_SECONDS_A_REQUEST = env.float("CACHE_SECONDS_A_REQUEST", default=0.05)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "socket_timeout": CACHE_SECONDS_A_REQUEST / 2,
            "socket_connect_timeout": CACHE_SECONDS_A_REQUEST / 2,
            # Reconnect if the connection is older than a restart of the cache.
            "retry": Retry(NoBackoff(), 1, supported_errors=(CacheConnectionError,)),
        },
    }
}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS", default=not DEBUG)
SESSION_COOKIE_AGE = 12 * 3600
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_RAISE_403 = True

# Wrong passwords count by user name and IP address, so the user can still sign in from elsewhere, and in a
# browser of their own from the same address too.
AXES_WHITELIST_CALLABLE = "accounts.web.sign_in_limits.is_own_browser"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "accounts.client_address.counted_address"
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"

LANGUAGE_CODE = "zh-hans"
FILTERS_EMPTY_CHOICE_LABEL = gettext_lazy("Any")
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
FORMAT_MODULE_PATH = ["ui.formats"]
LOCALE_PATHS = [BASE_DIR / "locale", VAR_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/tabler", NODE_MODULES / "@tabler/core/dist/css"),
    ("vendor/alpine", NODE_MODULES / "@alpinejs/csp/dist"),
    ("vendor/echarts", NODE_MODULES / "echarts/dist"),
]
# In development static files are served from the source tree; elsewhere collectstatic has run.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_HSTS_SECONDS = 31536000 if not DEBUG else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
# The number of trusted proxies that append to X-Forwarded-For; 0 ignores the header.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
# A larger request is refused before its body is read: six files of 5 MB and the fields of a form.
MAX_REQUEST_BYTES = 40 * 1024 * 1024

# The base URL of links in messages, and the channels that deliver messages besides the inbox. A channel
# without a provider is not offered; EMAIL_URL is smtp+tls://user:password@host:587 or the like.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000")
vars().update(env.email_url("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Tripact <tripact@localhost>")
EMAIL_TIMEOUT = 10
MESSAGE_PROVIDERS = {
    "mail": "accounts.providers.mail.Mail" if DEBUG or "EMAIL_URL" in os.environ else "",
    "sms": env.str("SMS_PROVIDER", default="accounts.providers.console.Console" if DEBUG else ""),
    "webhook": "accounts.providers.webhook.Webhook",
}

# The classes of providers of certified signatures; without one, contracts are signed by a click.
SIGNATURE_PROVIDERS = env.list("SIGNATURE_PROVIDERS", default=[])

# Limits in requests a minute, counted in the cache; 0 is no limit.
API_RATE_PER_KEY = env.int("API_RATE_PER_KEY", default=12000)
API_RATE_PER_ADDRESS = env.int("API_RATE_PER_ADDRESS", default=24000)
API_FAILURES_PER_ADDRESS = env.int("API_FAILURES_PER_ADDRESS", default=600)
# Steps of simulations, what-if forms and quotes, by key or person; a step takes about two microseconds.
WORK_STEPS_A_MINUTE = env.int("WORK_STEPS_A_MINUTE", default=1_000_000)
VERIFICATIONS_PER_ADDRESS = env.int("VERIFICATIONS_PER_ADDRESS", default=60)
SIGN_IN_RATE_PER_ADDRESS = env.int("SIGN_IN_RATE_PER_ADDRESS", default=30)
APPLICATIONS_PER_ADDRESS_AN_HOUR = env.int("APPLICATIONS_PER_ADDRESS_AN_HOUR", default=20)
VERIFICATIONS_PER_ADDRESS = env.int("VERIFICATIONS_PER_ADDRESS", default=60)
CODES_PER_PHONE_A_MINUTE = env.int("CODES_PER_PHONE_A_MINUTE", default=1)
CODES_PER_PHONE_AN_HOUR = env.int("CODES_PER_PHONE_AN_HOUR", default=5)
CODES_PER_PHONE_AN_HOUR_FROM_STRANGERS = env.int("CODES_PER_PHONE_AN_HOUR_FROM_STRANGERS", default=30)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["integrations.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["integrations.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ui.api.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "ui.api.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["integrations.api.limits.PerKey"],
    "EXCEPTION_HANDLER": "config.refusals.problem",
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": None,
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Tripact API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "DEFAULT_GENERATOR_CLASS": "integrations.api.schema.SchemaGenerator",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_SUFFIX": "",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": [
        "integrations.api.schema.name_components",
        "integrations.api.schema.complete",
    ],
    "DESCRIPTION": (
        "Every write has an Idempotency-Key and may be repeated. Lists are paginated by cursor. "
        "Errors are problem details (RFC 9457). Amounts are strings, never JSON floats."
    ),
}

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "jobs.sweep_outbox", "schedule": 10.0},
    "resume-jobs": {"task": "jobs.resume_jobs", "schedule": 30.0},
    "hourly": {"task": "portal.hourly", "schedule": crontab(minute="20")},
    "daily": {"task": "portal.daily", "schedule": crontab(hour="1", minute="10")},
    "monthly": {"task": "portal.monthly", "schedule": crontab(day_of_month="1", hour="2", minute="10")},
}

DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False  # accounts.request_log binds the address
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(ensure_ascii=False),
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
