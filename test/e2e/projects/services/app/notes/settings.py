import os

import dj_database_url
import environ

env = environ.Env()
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
ROOT_URLCONF = "notes.urls"
WSGI_APPLICATION = "notes.wsgi.application"
INSTALLED_APPS = ["notes"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {"default": dj_database_url.config(default="sqlite:///notes.sqlite3")}
CACHES = {"default": env.cache(default="locmemcache://")}
