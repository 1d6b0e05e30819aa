"""The scheduled commands: how each went, and when it goes on."""

import calendar
import time

from .system import unit


def timers(site):
    return [timer(site["name"], name) for name in site["timers"]]


def timer(site, name):
    """A reboot lets systemd forget how the last run ended, but not when it was."""
    last, following = unit("%s-%s.timer" % (site, name), "LastTriggerUSec", "NextElapseUSecRealtime")
    state, result, status, started, ended = unit(
        "%s-%s.service" % (site, name),
        *("ActiveState", "Result", "ExecMainStatus", "ExecMainStartTimestamp", "ExecMainExitTimestamp")
    )
    start, end = moment(started), moment(ended)
    return {
        "name": name,
        "running": state == "activating",
        "lastRun": max(filter(None, (start, moment(last))), default=None),
        "seconds": end - start if start is not None and end is not None and end >= start else None,
        "result": result if end is not None else None,
        "status": int(status) if end is not None else None,
        "nextRun": moment(following),
    }


def moment(text):
    """`Sat 2026-11-28 06:14:44 UTC` in seconds; none for `n/a` or nothing."""
    try:
        return calendar.timegm(time.strptime(text, "%a %Y-%m-%d %H:%M:%S UTC"))
    except ValueError:
        return None
