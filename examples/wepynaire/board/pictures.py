"""Which uploads are accepted as pictures."""

from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

MAX_BYTES = 5 * 1024 * 1024
EXTENSIONS = {
    "jpeg": {".jpg", ".jpeg"},
    "png": {".png"},
    "gif": {".gif"},
    "webp": {".webp"},
}
ACCEPT = ",".join(sorted(extension for extensions in EXTENSIONS.values() for extension in extensions))


def kind_of(head: bytes) -> str | None:
    """The kind of picture that starts with these bytes (12 are enough), or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    return None


def check_picture(upload: UploadedFile) -> None:
    """Refuse, with a ValidationError, what is too large or is not what its extension says.

    The content decides, not the browser's word: a page disguised as a picture must not be served from this site.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError("The picture is larger than 5 MB: please choose a smaller one.", code="too_large")
    kind = kind_of(upload.read(12))
    upload.seek(0)
    if kind is None or PurePath(upload.name or "").suffix.lower() not in EXTENSIONS[kind]:
        raise ValidationError("Please choose a JPEG, PNG, GIF or WebP picture.", code="not_a_picture")
