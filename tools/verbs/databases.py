"""Says as JSON, in its last line, which databases the app has, and how large they are. Runs with its environment."""

import json
import os
import sqlite3

import django
from django.conf import settings
from django.db import connections


def sqlite(connection):
    return os.path.getsize(str(connection.settings_dict["NAME"])), sqlite3.sqlite_version


def postgresql(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_version')")
        size, version = cursor.fetchone()
    return size, version.split()[0]


def database(alias):
    """Without a size where there is none to be had, and then with the reason, if there is one."""
    connection, wanted = connections[alias], settings.DATABASES[alias]
    vendor = connection.vendor
    place = os.path.realpath(str(wanted["NAME"])) if vendor == "sqlite" else wanted.get("HOST", "")
    found = {"alias": alias, "vendor": vendor, "place": place}
    ask = {"sqlite": sqlite, "postgresql": postgresql}.get(vendor)
    try:
        size, version = ask(connection) if ask else (None, "")
        return {**found, "size": size, "version": version}
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        return {**found, "size": None, "version": "", "reason": reason}


django.setup()
configured = [alias for alias in connections if settings.DATABASES[alias]["ENGINE"] != "django.db.backends.dummy"]
print("\n" + json.dumps([database(alias) for alias in configured]))
