"""Which uploads are accepted as pictures, and how small ones are made of them."""

from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 50_000_000
EXTENSIONS = {"JPEG": {".jpg", ".jpeg"}, "PNG": {".png"}, "GIF": {".gif"}, "WEBP": {".webp"}}
ACCEPT = ",".join(sorted(extension for extensions in EXTENSIONS.values() for extension in extensions))
THUMBNAIL = (720, 720)


def extension(name: str) -> str:
    return PurePath(name).suffix.lower()


def check_picture(upload: UploadedFile) -> None:
    """Refuse, with a ValidationError, what is too large or is not what its extension says.

    The content decides, not the browser's word: a page disguised as a picture must not be served from this site.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(_("The picture is larger than 8 MB: please choose a smaller one."), code="too_large")
    try:
        with Image.open(upload) as picture:
            right = extension(upload.name or "") in EXTENSIONS.get(picture.format or "", set())
            pixels = picture.width * picture.height
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError):
        right, pixels = False, 0
    upload.seek(0)
    if not right or pixels > MAX_PIXELS:
        raise ValidationError(_("Please choose a JPEG, PNG, GIF or WebP picture."), code="not_a_picture")


def thumbnail(picture: BinaryIO) -> bytes:
    """The picture as a small WebP, upright, without what a camera notes beside it."""
    with Image.open(picture) as original:
        small = ImageOps.exif_transpose(original)
        small.thumbnail(THUMBNAIL)
        content = BytesIO()
        small.convert("RGBA" if small.has_transparency_data else "RGB").save(content, "WEBP", quality=80)
    return content.getvalue()
