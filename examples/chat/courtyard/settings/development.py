"""For a developer's own computer, and for tests: no service is needed, and tasks run at once."""

from courtyard.settings.base import *  # noqa: F403
from courtyard.settings.base import BASE_DIR

DEBUG = True
SECRET_KEY = "only-for-development-and-tests"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SITE_URL = "http://localhost:8000"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": BASE_DIR / "db.sqlite3",
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"},
    }
}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_TASK_ALWAYS_EAGER = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
