"""How the last backup ended."""

import fcntl
import os

from .system import text_of


def backup(site):
    """How the last backup ended, as it noted itself, and whether one, or a restore, is at work or was cut off."""
    folder = "/var/lib/django-server/backup/%s/" % site["name"]
    note = dict(line.split(" ", 1) for line in text_of(folder + "last").splitlines() if " " in line)
    number = lambda key: int(note[key]) if key in note else None
    places = [place for place in ("disk", "s3") if place in note]
    return {
        "time": number("time"),
        "seconds": number("seconds"),
        "result": note.get("result"),
        "reason": note.get("reason"),
        "good": number("good"),
        "snapshots": [
            {"place": place, "id": note[place].split()[0], "size": int(note[place].split()[1])} for place in places
        ],
        "running": is_locked("/run/lock/django-server/backup-%s.lock" % site["name"]),
        "begun": os.path.exists(folder + "begun"),
        "restoring": os.path.exists(folder + "stopped"),
    }


def is_locked(path):
    try:
        with open(path) as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
