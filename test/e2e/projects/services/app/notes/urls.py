import os

import environ
import redis
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.urls import path

from notes.models import Note


def told(request):
    """What the app sees of its services; each request leaves a row, a member of a list, and an entry of the cache."""
    Note.objects.create(text="naïve 🦌")
    answer = {"vendor": connection.vendor, "rows": Note.objects.count()}
    if connection.vendor == "postgresql":
        parsed = environ.Env().db()
        names = {"HOST": "POSTGRES_HOST", "PORT": "POSTGRES_PORT", "NAME": "POSTGRES_DB", "USER": "POSTGRES_USER"}
        names["PASSWORD"] = "POSTGRES_PASSWORD"
        answer["same"] = all(
            str(parsed[key]) == str(connection.settings_dict[key]) == os.environ[name] for key, name in names.items()
        )
        with connection.cursor() as cursor:
            cursor.execute("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'")
            answer["extensions"] = [name for (name,) in cursor.fetchall()]
    if "REDIS_URL" in os.environ:
        answer["jobs"] = redis.Redis.from_url(os.environ["REDIS_URL"]).rpush("jobs", "job")
        cache.clear()
        cache.set("seen", "yes")
        answer["cached"] = cache.get("seen")
    return JsonResponse(answer)


urlpatterns = [path("", told), path("up", lambda request: HttpResponse("up"))]
