"""The machine itself, and the releases on it."""

import glob
import os
import re

from .system import modified, text_of


def machine(site):
    system = re.search(r'^PRETTY_NAME="?([^"\n]*)', text_of("/etc/os-release"), re.M)
    sizes = dict(re.findall(r"^(\w+): +(\d+) kB", text_of("/proc/meminfo"), re.M))
    started = int(text_of("/proc/1/stat").rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    home = "/srv/%s" % site["name"]
    disk = os.statvfs(home if os.path.isdir(home) else "/")
    return {
        "system": system.group(1) if system else "unknown",
        "seconds": int(float(text_of("/proc/uptime").split()[0]) - started),
        "load": os.getloadavg()[0],
        "cores": len(os.sched_getaffinity(0)),
        "memory": {"total": int(sizes["MemTotal"]) * 1024, "free": int(sizes["MemAvailable"]) * 1024},
        "disk": {"total": disk.f_blocks * disk.f_frsize, "free": disk.f_bavail * disk.f_frsize},
    }


def releases(site):
    home = "/srv/%s" % site["name"]
    active = os.path.realpath(home + "/current")
    folders = [path[: -len("/.complete")] for path in glob.glob(home + "/releases/*/.complete")]
    return [
        {
            "id": os.path.basename(folder),
            "built": modified(folder + "/.complete"),
            "lastActive": modified(folder + "/.active"),
            "active": os.path.realpath(folder) == active,
            "origin": "".join(re.findall(r"^origin (.*)", text_of(folder + "/record"), re.M)),
        }
        for folder in folders
    ]
