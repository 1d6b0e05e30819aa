"""How a message gets into a room: the one way, for forms and WebSockets alike."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from talk.announcing import announce
from talk.models import Message, Room
from talk.tasks import make_thumbnail


def post(room: Room, author: AbstractBaseUser, text: str, picture: UploadedFile | None = None) -> Message:
    """Keeps a message, then tells it to all who are in the room; what it holds has been checked."""
    with transaction.atomic():
        message = Message.objects.create(room=room, author=author, text=text, picture=picture or "")
        transaction.on_commit(lambda: announce(message))
        if picture:
            transaction.on_commit(lambda: make_thumbnail.delay(message.pk))
    return message
