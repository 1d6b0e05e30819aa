"""Loads the fixtures and makes the superuser that this database has not had yet, as the site's user.

What was done is recorded in the database itself, where Django records its migrations, in one transaction with it: it is
backed up, restored and lost with the data. Runs in the release's project folder and virtual environment. Arguments: the
fixtures. The superuser's fields are in the environment as createsuperuser looks for them, if there is to be one.
"""

import os
import sys

sys.path.insert(0, os.getcwd())

import django
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

# No app has this label, so that no migration has such a name.
OWNER = "django-server"


def load_fixtures(names: "list[str]", recorder: MigrationRecorder, done: "set[str]") -> None:
    """All at once, since one may point at rows of another."""
    new = [name for name in names if f"fixture {name}" not in done]
    if new:
        with transaction.atomic():
            call_command("loaddata", *new)
            for name in new:
                recorder.record_applied(OWNER, f"fixture {name}")


def make_superuser(recorder: MigrationRecorder, done: "set[str]") -> None:
    """One who has the name already is left alone, whoever made them."""
    if "superuser" in done:
        return
    user = get_user_model()
    name = os.environ.get(f"DJANGO_SUPERUSER_{user.USERNAME_FIELD.upper()}")
    with transaction.atomic():
        if name and user._default_manager.filter(**{user.USERNAME_FIELD: name}).exists():
            print("There is a user of the superuser's name already, who is left alone.")
        else:
            call_command("createsuperuser", interactive=False)
        recorder.record_applied(OWNER, "superuser")


def main() -> None:
    django.setup()
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    done = {name for owner, name in recorder.applied_migrations() if owner == OWNER}
    load_fixtures(sys.argv[1:], recorder, done)
    if "DJANGO_SUPERUSER_PASSWORD" in os.environ:
        make_superuser(recorder, done)


try:
    main()
except CommandError as error:
    sys.exit(f"{error}")
