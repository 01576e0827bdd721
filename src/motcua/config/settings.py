"""Django's settings, all derived from the node's one file."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import global_settings
from psycopg.conninfo import conninfo_to_dict

from motcua.config import node as nodes

NODE = nodes.current()
HOME = nodes.home()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = NODE.secret
DEBUG = False
DEMO = NODE.demo
ALLOWED_HOSTS = [urlsplit(NODE.web_url).hostname or "localhost", "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [NODE.web_url]


def contexts() -> list[str]:
    """Every package of ours that is a Django app, lowest paths first."""
    found = sorted(path.parent.relative_to(PACKAGE) for path in PACKAGE.rglob("apps.py"))
    return ["motcua." + ".".join(path.parts) for path in found]


INSTALLED_APPS = [
    *contexts(),  # first: our templates and translations prevail over those of what we build on
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.idp.oidc",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "motcua.ui.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "motcua.documents.middleware.SizeLimit",
    "motcua.people.middleware.ActorMiddleware",
    "motcua.people.middleware.OneTimeMiddleware",
    "motcua.people.middleware.AnswerMiddleware",
    "motcua.people.middleware.LeadingOnMiddleware",
    "motcua.people.middleware.PasskeyMiddleware",
    "motcua.portal.middleware.Afresh",
]
# Calls over the API show a token and are answered with problems: they need nothing of what pages do (`api.handling`).
MACHINE_MIDDLEWARE = [
    "motcua.ui.middleware.SecurityHeaders",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]

ROOT_URLCONF = "motcua.config.urls"
WSGI_APPLICATION = "motcua.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "motcua.ui.drawing.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "motcua.ui.templatetags.addresses",
                "motcua.ui.templatetags.components",
                "motcua.ui.templatetags.face",
                "motcua.ui.templatetags.sentences",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "motcua.ui.context.face",
                "motcua.portal.context.portal",
                "motcua.desk.context.desk",
            ],
        },
    }
]
COTTON_DIR = "cotton"
COTTON_ISOLATE_BY_DEFAULT = True
FORM_RENDERER = "motcua.ui.forms.FaceRenderer"

_database = conninfo_to_dict(NODE.database)
DATABASES = {
    "default": {
        "ENGINE": "motcua.lib.postgresql",
        "NAME": _database.get("dbname", ""),
        "USER": _database.get("user", ""),
        "PASSWORD": _database.get("password", ""),
        "HOST": _database.get("host", ""),
        "PORT": str(_database.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Of the statements that are sent without their values (`lib.statements`), those that come a third time are prepared.
        "OPTIONS": {"application_name": f"motcua {NODE.name}", "prepare_threshold": 2},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Only sign-in, and pages where nobody signs in, keep something in it: how often someone has tried, codes that are good
# for a minute, tokens already seen. The node's web processes must count together, and nothing may be dropped for want of room.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["motcua.people.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "motcua.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "motcua.people.forms.SignIn"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_DISPLAY = str
# New passwords are kept by the first; older ones are read by the others and kept anew at the next sign-in.
# The secrets of services are random and long: checking one must not cost what checking a password must.
PASSWORD_HASHERS = [
    "motcua.people.hashing.PasswordHasher",
    *global_settings.PASSWORD_HASHERS,
    "motcua.people.hashing.SecretHasher",
]
SOCIALACCOUNT_ADAPTER = "motcua.people.adapters.IdentityAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
USERSESSIONS_ADAPTER = "motcua.people.adapters.SessionsAdapter"
IDP_OIDC_ADAPTER = "motcua.people.issuer.OIDCAdapter"
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 300
IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "motcua.people.forms.AddKey",
    "edit_webauthn": "motcua.people.forms.RenameKey",
}
MFA_TOTP_ISSUER = "Một Cửa"
MFA_TOTP_TOLERANCE = (
    1  # step of 30 seconds: a code is read, typed and sent, and no clock is exact (RFC 6238, 5.2)
)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = NODE.demo

SESSION_ENGINE = "motcua.people.sessions"
SESSION_COOKIE_NAME = f"motcua-{NODE.name}"
CSRF_COOKIE_NAME = f"motcua-{NODE.name}-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = NODE.web_url.startswith("https:")
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "motcua.ui.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
# The guides' pictures lie beside their text, outside the package.
PICTURES = PACKAGE.parents[1] / "docs" / "guide" / "pictures"
STATICFILES_DIRS = [("guide", PICTURES)] if PICTURES.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 86400
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

FILES = HOME / "files"
KEYS = HOME / "keys"
MAIL = HOME / "mail"
TEXTS = HOME / "texts"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024


def mailer(address: str) -> dict[str, object]:
    """Where mails go: `smtp://user:password@host:port`, `smtps://…`, or without an address into files."""
    if not address:
        return {"BACKEND": "motcua.notices.letters.EmailBackend", "OPTIONS": {"file_path": str(MAIL)}}
    server = urlsplit(address)
    host, is_wrapped = server.hostname or "localhost", server.scheme == "smtps"
    options = {
        "host": host,
        "port": server.port or (465 if is_wrapped else 587),
        "username": unquote(server.username or ""),
        "password": unquote(server.password or ""),
        "use_ssl": is_wrapped,
        "use_tls": not is_wrapped
        and host not in {"localhost", "127.0.0.1"},  # never in the clear over a network
        "timeout": 20,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


MAILERS = {"default": mailer(NODE.mail)}
DEFAULT_FROM_EMAIL = NODE.mail_from

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
