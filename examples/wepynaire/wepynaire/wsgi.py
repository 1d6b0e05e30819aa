"""The WSGI entry point: `wepynaire.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wepynaire.settings")

application = get_wsgi_application()
