"""The worker and the clock: `celery -A courtyard worker`, `celery -A courtyard beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "courtyard.settings.development")

app = Celery("courtyard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
