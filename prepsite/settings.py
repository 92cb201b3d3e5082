"""The one settings file. Environment variables drive it; with none set it is a safe, local, single-machine site.

Every variable is listed in docs/operations.md, and a test compares that list with this file.
"""

import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from prepsite import serving
from prepsite.environment import Environment

env = Environment()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
CONTENT_DIR = Path(env.str("CONTENT_DIR", default=str(BASE_DIR / "fixtures")))
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key from SECRET_KEY, else one made once and kept, readable by its owner alone, outside version control."""
    if given := env.str("SECRET_KEY", default=""):
        return given
    path = DATA_DIR / "secret_key"
    if not path.exists():
        # Written whole and then linked into place: two processes starting together agree on one key.
        draft = DATA_DIR / f"secret_key.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass  # the other process was first
        finally:
            draft.unlink()
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

SITE_NAME = env.str("SITE_NAME", default="Unrolled")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "prepsite",
    "prepsite.accounts",
    "quizzes",
    "codelabs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "prepsite.urls"
WSGI_APPLICATION = "prepsite.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "prepsite" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "prepsite.context.site",
            ],
        },
    },
]

# Database: SQLite beside the code by default; DATABASE_URL moves the same code to PostgreSQL.
DATABASES = {
    "default": dj_database_url.parse(
        env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}"),
        conn_max_age=env.int("DATABASE_CONN_MAX_AGE_SECONDS", default=60),
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that will write takes its lock at the start, so it waits instead of failing halfway.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache and rate limits: this process's memory by default, Redis when there is one.
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Grading is a Celery task. Without a broker it runs at once, in this process, through the same sandbox pool.
QUEUE_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_BROKER_URL = QUEUE_URL or "memory://localhost"
CELERY_TASK_ALWAYS_EAGER = not QUEUE_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Somebody waits for the page: a queue that does not answer at once is said to be away.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TIMEZONE = "UTC"
# Longer than the longest grading. A worker stops one at nine tenths of it; a worker that has kept one for all of it
# must have died, so the queue hands its submission to another; and after thrice that time nobody waits any longer.
GRADING_SECONDS = max(10, env.int("GRADING_SECONDS", default=300))
CELERY_TASK_SOFT_TIME_LIMIT = GRADING_SECONDS * 9 // 10
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": GRADING_SECONDS,
    "unacked_restore_throttle": 1,  # look for such submissions every ten seconds instead of every hundred
}
# How many gradings one web process runs at once where it grades itself. The other threads serve pages meanwhile.
GRADING_SLOTS = max(1, env.int("GRADING_SLOTS", default=serving.threads // 2))

# Accounts: an e-mail address and a password, by django-allauth.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="none")  # none, optional or mandatory
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_FORMS = {
    "signup": "prepsite.accounts.forms.SignUpForm",
    "login": "prepsite.accounts.forms.SignInForm",
    "reset_password": "prepsite.accounts.forms.AskForResetForm",
    "reset_password_from_key": "prepsite.accounts.forms.ResetPasswordForm",
    "change_password": "prepsite.accounts.forms.ChangePasswordForm",
    "add_email": "prepsite.accounts.forms.ChangeAddressForm",
    "reauthenticate": "prepsite.accounts.forms.ConfirmAccessForm",
}
ACCOUNT_ADAPTER = "prepsite.accounts.adapter.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True  # one address, replaced once the new one is confirmed
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"try_lab": "10/m/ip"}  # beside allauth's own: what visitors send to the trial lab

# Mail: printed by the server unless EMAIL_HOST names one that delivers.
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"{SITE_NAME} <noreply@localhost>")

# Who is told when a submission has been graded: the bridge, which sees both labs and cards.
ON_LAB_VERDICT = "prepsite.study.lab_graded"
# Who is told when somebody signs in: what they tried without an account is handed over to them.
ON_SIGN_IN = ("codelabs.handing_over.hand_over", "quizzes.trial.hand_over")
# Who knows whether a lab is due to be written again: a function of the learner, its slug and the moment.
LAB_MEMORY = "prepsite.study.lab_memory"
# Who knows what labs are called: a function from slugs to titles, for pages that name a lab without seeing its table.
LAB_TITLES = "prepsite.study.lab_titles"
# Which labs a mock interview may hold, and what was reached in one between two instants.
MOCK_LABS = "prepsite.study.mock_labs"
LAB_OUTCOME = "prepsite.study.lab_outcome"
# Who is told when the day's reviews are opened: a plan to an interview settles which cards the day holds.
BEFORE_REVIEWS = "prepsite.study.begin_day"
# Who is told when the first card of a study day has been rated, to keep the forecast of that day.
ON_FIRST_REVIEW = "prepsite.study.keep_reading"
# Which slugs exist, so that the admin of either side refuses a reference to nothing, as the files do.
CONTENT_NAMES = "prepsite.publishing.names"
# What a learner's archive holds besides their profile: each part's name and its tables, in the order they come in.
LEARNER_DATA = {
    "quizzes": "quizzes.exchange.learner.TABLES",
    "codelabs": "codelabs.exchange.TABLES",
}
# Who knows the name of this deployment, by which devices tell what they keep of an older one.
RELEASE = "prepsite.offline.release.release"
# Whether opening a lab starts the sandbox that will grade it, so that the first verdict comes as fast as the next.
SANDBOX_WARM_UP = env.bool("SANDBOX_WARM_UP", default=True)
# What may be tried without an account.
TRIAL_LAB = env.str("TRIAL_LAB", default="rnn-cell")
TRIAL_QUESTION = env.str("TRIAL_QUESTION", default="rnn-weights-shared")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[tuple[str, Path]] = []
if (CONTENT_DIR / "figures").is_dir():
    # The diagrams of guides and questions, at /static/figures/….
    STATICFILES_DIRS.append(("figures", CONTENT_DIR / "figures"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# Content files load through Django's own machinery as well: loaddata FILE.md, dumpdata --format md.
SERIALIZATION_MODULES = {"md": "quizzes.exchange.markdown"}

# Security. HTTPS=1 says that a proxy in front speaks TLS; everything that only makes sense behind TLS follows from it.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # a load balancer asks from inside, by plain HTTP
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = bool(SECURE_HSTS_SECONDS)
# TRUST_PROXY=1 says that everything comes through one proxy of ours: its word on protocol and visitor's address counts.
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(TRUST_PROXY)
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576  # bytes; forms refuse long texts with a sentence well below this

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
