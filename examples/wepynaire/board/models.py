"""What is pinned to the board."""

from pathlib import PurePath
from uuid import uuid4

from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone


def picture_path(_note: "Note", name: str) -> str:
    """Where a picture is kept: under a name nobody can guess, with the extension it came with."""
    return f"notes/{uuid4().hex}{PurePath(name).suffix.lower()}"


class Note(models.Model):
    """A note on the board."""

    class Category(models.TextChoices):
        OFFER = "offer", "Offer"
        WANTED = "wanted", "Wanted"
        EVENT = "event", "Event"
        FOUND = "found", "Lost & found"

    category = models.CharField(max_length=10, choices=Category)
    title = models.CharField(max_length=80)
    text = models.TextField(max_length=1000)
    author = models.CharField(max_length=40)
    picture = models.FileField(upload_to=picture_path, blank=True)
    visible = models.BooleanField(default=True, help_text="Take the tick away to hide the note from the board.")
    pinned_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pinned_at", "-pk"]
        indexes = [models.Index(fields=["-pinned_at", "-id"], name="board_note_newest")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("board:detail", args=[self.pk])


@receiver(post_delete, sender=Note)
def delete_picture(instance: Note, **_: object) -> None:
    """A picture goes when its note goes."""
    if instance.picture:
        instance.picture.delete(save=False)
