"""One settings module. Without any environment it is the embedded default: SQLite under var/, no service, no secret typed."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from .enum_names import ENUM_NAMES

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("KOCFORUM_VAR", default=str(BASE_DIR / "var")))

# "embedded" is one process and one folder; "production" refuses to start half configured.
DEPLOYMENT = env.str("KOCFORUM_DEPLOYMENT", default="embedded")
if DEPLOYMENT not in {"embedded", "production"}:
    raise ImproperlyConfigured("KOCFORUM_DEPLOYMENT is 'embedded' or 'production'.")
PRODUCTION = DEPLOYMENT == "production"

DEBUG = env.bool("DEBUG", default=False)


def _embedded_secret() -> str:
    """Made once and kept under var/, so that nobody types a secret to try the product."""
    kept = VAR_DIR / "secret-key"
    if not kept.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        made = VAR_DIR / f"secret-key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        # Of two processes that start together, the first one's key stays, whole, for both.
        with contextlib.suppress(FileExistsError):
            os.link(made, kept)
        made.unlink()
    return kept.read_text().strip()


SECRET_KEY = env.str("SECRET_KEY", default="")
if PRODUCTION:
    if not SECRET_KEY:
        raise ImproperlyConfigured("SECRET_KEY is missing. Production never starts with a generated secret.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG is on. Production never starts with DEBUG.")
    if not env.list("ALLOWED_HOSTS", default=[]):
        raise ImproperlyConfigured("ALLOWED_HOSTS is missing. Name the hosts that this site answers to.")
SECRET_KEY = SECRET_KEY or _embedded_secret()

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_NAME = env.str("SITE_NAME", default="车主回声")
SITE_NAME_EN = env.str("SITE_NAME_EN", default="Owners' Echo")
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000")
# With which endorsements are signed: the seed of an Ed25519 key, 64 hexadecimal digits; left out, it follows from SECRET_KEY.
ENDORSEMENT_KEY = env.str("ENDORSEMENT_KEY", default="")
ENDORSEMENT_KEYS_BEFORE = env.list("ENDORSEMENT_KEYS_BEFORE", default=[])  # did:key of each earlier key

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "unfold.contrib.import_export",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "channels",
    "rest_framework",
    "rest_framework.authtoken",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_tasks",
    "django_tasks_db",
    "simple_history",
    "import_export",
    "kocforum.ui",
    "kocforum.ledger",
    "kocforum.live",
    "kocforum.members",
    "kocforum.garage",
    "kocforum.uploads",
    "kocforum.search",
    "kocforum.notifications",
    "kocforum.forum",
    "tasks",
    "insights",
    "kocforum.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kocforum.ui.middleware.VisitorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kocforum.ui.middleware.NulMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kocforum.members.middleware.MemberLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "kocforum.members.middleware.AdminPolicyMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "kocforum.ui.middleware.PostedAddressMiddleware",
    "kocforum.ui.middleware.RefusalMiddleware",
    "kocforum.members.middleware.ConsentMiddleware",
    "kocforum.ui.middleware.DraftMiddleware",
]

ROOT_URLCONF = "kocforum.urls"
WSGI_APPLICATION = "kocforum.wsgi.application"
ASGI_APPLICATION = "kocforum.asgi.application"

# Written by hand because of the order: partials outside cached outside cotton, or tags come out unrendered.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "kocforum.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kocforum.ui.context.site",
            ],
        },
    }
]
COTTON_DIR = "components"
# A component sees its own variables and the context processors, never the page's: no `title` leaks into a card.
COTTON_ISOLATE_BY_DEFAULT = True
CSRF_FAILURE_VIEW = "kocforum.ui.views.csrf_failure"

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'kocforum.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["TEST"] = {"CHARSET": "UTF8", "TEMPLATE": "template0"}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    }

# Sound and picture in rooms. STUN and TURN servers as browsers want them, [{"urls": "turn:turn.example.com:3478"}, …]; with TURN_SECRET each
# window gets a name and a password that end by themselves (coturn: use-auth-secret). Through Janus, where its WebSocket is named.
ICE_SERVERS = env.json("ICE_SERVERS", default=[])
TURN_SECRET = env.str("TURN_SECRET", default="")
MEDIA_SERVER_URL = env.str("MEDIA_SERVER_URL", default="")
MEDIA_SERVER_SECRET = env.str("MEDIA_SERVER_SECRET", default="")

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}

AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = [
    "kocforum.members.backends.MemberBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# Messages to people. Without a service they lie in var/mail/, where bin/run and the page of codes find them.
MAIL_DIR = VAR_DIR / "mail"
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail:")
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_CONFIG["EMAIL_FILE_PATH"] = MAIL_DIR
vars().update(EMAIL_CONFIG)
# Letters wait in jobs, which hand them to the backend that the address names.
LETTER_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_BACKEND = "kocforum.members.letters.QueuedBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME_EN} <noreply@localhost>")
SMS_URL, SMS_TOKEN = env.str("SMS_URL", default=""), env.str("SMS_TOKEN", default="")
# The dotted path of a class with send(phone, text). None in production without SMS_URL: then phones are not offered.
SMS_SENDER = env.str(
    "SMS_SENDER",
    default="kocforum.members.sms.HttpSender" if SMS_URL else "" if PRODUCTION else "kocforum.members.sms.DemoSender",
)

# What reads a text before it is seen: the dotted path of a callable (*texts) -> "pass", "review" or "refuse".
CONTENT_CHECK = env.str("CONTENT_CHECK", default="kocforum.forum.queries.moderation.verdict_on")

# allauth: by mobile number, e-mail or user name; codes of six digits; passkeys and authenticator apps.
_BY_PHONE = bool(SMS_SENDER)
ACCOUNT_ADAPTER = "kocforum.members.adapters.AccountAdapter"
ACCOUNT_SIGNUP_FORM_CLASS = "kocforum.members.forms.agreeing.Agreeing"
ACCOUNT_FORMS = {
    "signup": "kocforum.members.forms.entrance.SignupForm",
    "login": "kocforum.members.forms.entrance.LoginForm",
    "request_login_code": "kocforum.members.forms.entrance.RequestLoginCodeForm",
    "reset_password": "kocforum.members.forms.entrance.ResetPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email", "phone"} if _BY_PHONE else {"username", "email"}
# The form asks for one of the two; the star is what "mandatory" below wants to see.
ACCOUNT_SIGNUP_FIELDS = [*(["phone"] if _BY_PHONE else []), "email*", "username*", "password1"]
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_USER_DISPLAY = "kocforum.members.adapters.shown_name"
# A whole office or a mobile carrier may stand behind one address, so these are per address; the key is the number.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "signup": "30/m/ip", "verify_phone": "1/30s/key,15/m/ip,100/h/ip"}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
MFA_ADAPTER = "kocforum.members.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "kocforum" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(VAR_DIR / "uploads")))
# With a prefix the web server in front sends the bytes (X-Accel-Redirect); who may see them is decided here all the same.
UPLOADS = {"ACCEL_PREFIX": env.str("UPLOADS_ACCEL_PREFIX", default="")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "kocforum.ui.storage.BundledStaticFilesStorage"},
}
# Straight from the sources while there is no collected copy, so that a checkout runs at once.
WHITENOISE_USE_FINDERS = DEBUG

SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=60 * 60 * 24 * 30)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, "ws:", "wss:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_PAGINATION_CLASS": "kocforum.ui.api.pages.CursorPagination",
    "PAGE_SIZE": 20,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PARSER_CLASSES": [
        "kocforum.ui.api.parsers.JSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["kocforum.ui.api.throttles.WriteThrottle"],
    "NUM_PROXIES": env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0),
    "EXCEPTION_HANDLER": "kocforum.ui.api.answers.refusals",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Owners' Echo API",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "kocforum.ui.api.schema.tell_refusals",
    ],
}

UNFOLD = {
    "SITE_TITLE": "kocforum.ui.backstage.title",
    "SITE_HEADER": "kocforum.ui.backstage.title",
    "SITE_SUBHEADER": _("Administration"),
    "SITE_SYMBOL": "water",
    "ENVIRONMENT": "kocforum.ui.backstage.environment",
    "SHOW_LANGUAGES": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "10px",
    "STYLES": ["kocforum.ui.backstage.style"],
    "SIDEBAR": {"show_search": True, "show_all_applications": False},
    # The river's blue-green and the paper's warm grey, as in static/css/tokens.css.
    "COLORS": {
        "base": {
            "50": "#f6f5f1", "100": "#efede7", "200": "#e2dfd7", "300": "#c9c5bb", "400": "#9b9890", "500": "#6c6f73",
            "600": "#565d66", "700": "#3b4047", "800": "#2a2e33", "900": "#1a1d21", "950": "#121417",
        },
        "primary": {
            "50": "#eef7f9", "100": "#d9ecf0", "200": "#b5dae2", "300": "#7fbccb", "400": "#5cbdd2", "500": "#2b8ba3",
            "600": "#0f6f86", "700": "#0b5c70", "800": "#0a4a5c", "900": "#12333b", "950": "#06222a",
        },
    },
}  # fmt: skip
