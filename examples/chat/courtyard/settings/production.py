"""For a server. What differs from one machine to the next comes from the environment.

SECRET_KEY            required
ALLOWED_HOSTS         names the site answers to, comma separated
CSRF_TRUSTED_ORIGINS  origins forms may come from, as https://example.org, comma separated
SITE_URL              where people find the site, for the links in mails
DATABASE_URL          PostgreSQL's
REDIS_URL             for what is said in the rooms, between the processes
CACHE_URL             for sessions
CELERY_BROKER_URL     for tasks
EMAIL_URL             the mail server, as smtp+tls://USER:PASSWORD@HOST:PORT; none: mails are printed to the log
DEFAULT_FROM_EMAIL    the sender
"""

import environ

from courtyard.settings.base import *  # noqa: F403

env = environ.Env()

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS")
SITE_URL = env.str("SITE_URL")

# nginx sets this header on every request, whatever the visitor sent.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")

SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # Strict-Transport-Security is nginx's to send.
    "security.W008",  # So is the redirect to HTTPS, which must not catch the health check.
]

DATABASES = {"default": env.db_url("DATABASE_URL")}
CACHES = {"default": env.cache_url("CACHE_URL")}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # The layer waits 5 seconds for news in one question, and redis-py gives up after as many by itself.
        "CONFIG": {"hosts": [{"address": env.str("REDIS_URL"), "socket_timeout": 30}], "prefix": "courtyard"},
    }
}
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL")

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="courtyard@localhost")

# A file's name carries a hash of its content, so that browsers may keep it for ever.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
