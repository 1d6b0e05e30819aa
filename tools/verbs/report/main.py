"""Says how a machine and its site are, as JSON. Reads what to look at from standard input, as JSON:
{"site": {…}, "placed": [{"kind": …, …}, …], "diff": true or false, "databases": "a program for the app's Python"}, without
which the app is not asked. Changes nothing.
"""

import json
import sys

from .app import databases, redis
from .backup import backup
from .machine import machine, releases
from .placed import find
from .programs import instances, processes
from .system import modified
from .timers import timers
from .web import answer, certificate, has_https


def main():
    asked = json.load(sys.stdin)
    site, program = asked["site"], asked.get("databases")
    report = {
        "machine": machine(site),
        "answer": answer(site),
        "certificate": certificate(site) if has_https(site) else None,
        "deployed": modified("/etc/django-server/%s/healthy/release" % site["name"]),
        "releases": releases(site),
        "instances": instances(site),
        "processes": processes(site),
        "timers": timers(site),
        "databases": databases(site, program) if program else None,
        "redis": redis(site) if program else None,
        "backup": backup(site),
        "found": [find(wanted, asked["diff"]) for wanted in asked["placed"]],
    }
    print(json.dumps(report))


main()
