"""Makes an unpacked release ready, as the site's user: links its data, checks it, collects its static files.

Runs in the release's project folder and virtual environment. Arguments: RELEASE SHARED STATIC_URL MEDIA_URL, then
the folders that persist, relative to the project.
"""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, os.getcwd())

import django
from django.conf import settings
from django.core.management import call_command


def link(name: Path, target: Path) -> None:
    """Makes name a link to target; what lay there moves to the target where that has nothing of the name."""
    if name.is_symlink():
        name.unlink()
    if name.is_dir():
        copy_absent(name, target)
        shutil.rmtree(name)
    name.parent.mkdir(parents=True, exist_ok=True)
    name.symlink_to(target)


def copy_absent(source: Path, target: Path) -> None:
    """Copies what the target lacks; its folders keep their modes, and new ones get theirs from those around them."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")):
        copy = target / path.relative_to(source)
        if path.is_dir() and not path.is_symlink():
            copy.mkdir(exist_ok=True)
        elif not os.path.lexists(copy):
            shutil.copy2(path, copy, follow_symlinks=False)


def below(setting: str, value: object, app: Path) -> "Path | None":
    """The folder or file a setting names, when it lies in the release; never one that the project itself lies in."""
    path = Path.cwd() / str(value)
    if Path.cwd().is_relative_to(path):
        sys.exit(f"{setting} is {path}, where the project itself lies: set it to a place of its own below BASE_DIR")
    # What lies in a persistent folder is outside by now.
    return path if path.parent.resolve().is_relative_to(app.resolve()) else None


def link_persistent(names: "list[str]", shared: Path) -> None:
    """Keeps folders of the project outside the release; uploads have a folder of their own, which nginx serves."""
    media = settings.MEDIA_ROOT and Path(os.path.normpath(Path.cwd() / str(settings.MEDIA_ROOT)))
    for name in names:
        folder = Path.cwd() / name
        if folder.is_file():
            sys.exit(f"app.persistent: {name} is a file of the release; name a folder")
        if media and folder in media.parents:
            sys.exit(f"app.persistent: {name} holds MEDIA_ROOT, which persists by itself; name the other folders in it")
        if folder != media:
            (shared / "persistent" / name).mkdir(mode=0o750, parents=True, exist_ok=True)
            link(folder, shared / "persistent" / name)


def link_databases(app: Path, shared: Path) -> None:
    for database in settings.DATABASES.values():
        name = str(database.get("NAME") or "")
        if "sqlite" not in database.get("ENGINE", "") or not name or name.startswith((":memory:", "file:")):
            continue
        file = below("a database's NAME", name, app)
        if file:
            if file.exists() and not file.is_symlink():
                file.unlink()
            kept = shared / "data" / Path(os.path.normpath(file)).relative_to(app)
            kept.parent.mkdir(parents=True, exist_ok=True)
            link(file, kept)
            print(f"database {file.name} is kept in {kept.parent}")


def link_media(app: Path, shared: Path) -> None:
    folder = settings.MEDIA_ROOT and below("MEDIA_ROOT", settings.MEDIA_ROOT, app)
    if folder:
        link(folder, shared / "media")


def collect_static(app: Path, static: Path) -> None:
    """nginx serves RELEASE/static; the app finds its manifest there through STATIC_ROOT."""
    static.mkdir(exist_ok=True)
    if "django.contrib.staticfiles" not in settings.INSTALLED_APPS:
        return
    if settings.STATIC_ROOT:
        root = below("STATIC_ROOT", settings.STATIC_ROOT, app)
        if not root:
            sys.exit(f"STATIC_ROOT is {settings.STATIC_ROOT}, outside the project: set it to a folder below BASE_DIR")
        # What the build made there is as good as collected; what the archive brought is of another day.
        for file in root.rglob("*"):
            if file.is_file() and file.stat().st_mtime < (static.parent / "record").stat().st_mtime:
                file.unlink()
        link(root, static)
    else:
        settings.STATIC_ROOT = str(static)
    call_command("collectstatic", interactive=False, verbosity=0)


def check_url(name: str, configured: str, key: str) -> None:
    """nginx must serve files where the app links to them."""
    actual = urlsplit(str(getattr(settings, name) or ""))
    if actual.netloc or not actual.path.strip("/"):
        return
    path = "/" + actual.path.strip("/") + "/"
    if path != configured:
        sys.exit(f"the app's {name} is {path}, but nginx serves {configured}: set nginx.{key} to {path}")


def main() -> None:
    release, shared = Path(sys.argv[1]), Path(sys.argv[2])
    app = release / "app"
    django.setup()
    if settings.DEBUG:
        sys.exit("the app runs with DEBUG on, which shows strangers its settings and code: turn it off in its settings")
    check_url("STATIC_URL", sys.argv[3], "staticUrl")
    check_url("MEDIA_URL", sys.argv[4], "mediaUrl")
    link_persistent(sys.argv[5:], shared)
    link_databases(app, shared)
    link_media(app, shared)
    call_command("check", deploy=True, fail_level="ERROR")
    collect_static(app, release / "static")


main()
