"""The programs of supervisor: gunicorn's instances, and the processes beside them."""

import glob
import re

from .system import programs, text_of


def instances(site):
    # Not the free one, in which the next deploy starts.
    return [program for program in numbered(site, "gunicorn") if program["state"] != "stopped"]


def processes(site):
    return [program for name in site["processes"] for program in numbered(site, name)]


def numbered(site, name):
    """supervisor's programs SITE-NAME-0, …"""
    prefix = "%s-%s-" % (site["name"], name)
    mine = [program for known, program in programs().items() if re.match(re.escape(prefix) + r"\d+$", known)]
    return [
        {
            "name": program["name"][len(site["name"]) + 1 :],
            "state": program["statename"].lower(),
            "seconds": program["now"] - program["start"] if program["pid"] else 0,
            "memory": memory(program["pid"]) if program["pid"] else 0,
        }
        for program in sorted(mine, key=lambda program: int(program["name"][len(prefix) :]))
    ]


def memory(process):
    """Bytes of a process and its children."""
    families = {}
    for path in glob.glob("/proc/[0-9]*/stat"):
        fields = text_of(path).rpartition(")")[2].split()
        if fields:
            families.setdefault(int(fields[1]), []).append(int(path.split("/")[2]))
    family = [process]
    for member in family:
        family.extend(families.get(member, []))
    parts = (re.search(r"^VmRSS:\s+(\d+)", text_of("/proc/%d/status" % member), re.M) for member in family)
    return sum(int(part.group(1)) for part in parts if part) * 1024
