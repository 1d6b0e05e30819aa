"""Rooms, and what is said in them."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talk.pictures import extension


def picture_path(_message: "Message", name: str) -> str:
    """Where a picture is kept: under a name nobody can guess."""
    return f"pictures/{uuid4().hex}{extension(name)}"


class Room(models.Model):
    """A room in which everybody who has an account may talk."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=40)
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    messages_today = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("room")
        verbose_name_plural = _("rooms")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("talk:room", args=[self.slug])

    @property
    def group(self) -> str:
        """The group of the channel layer in which all who are in the room listen."""
        return f"room-{self.pk}"


class Message(models.Model):
    """What somebody said in a room: words, a picture, or both."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages")
    text = models.TextField(_("text"), max_length=2000, blank=True)
    picture = models.ImageField(_("picture"), upload_to=picture_path, blank=True)
    thumbnail = models.ImageField(upload_to="thumbnails", blank=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return self.text[:60] or self.picture.name

    def as_dict(self) -> dict[str, object]:
        """The message as browsers get it, by whichever way."""
        return {
            "id": self.pk,
            "author": self.author.get_username(),
            "text": self.text,
            "picture": self.picture.url if self.picture else "",
            "thumbnail": self.thumbnail.url if self.thumbnail else "",
            "sent_at": self.sent_at.isoformat(),
        }


@receiver(post_delete, sender=Message)
def delete_pictures(instance: Message, **_: object) -> None:
    """Pictures go when their message goes."""
    for file in (instance.picture, instance.thumbnail):
        if file:
            file.delete(save=False)
