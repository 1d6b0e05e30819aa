"""What the worker does, so that nobody waits for it."""

from celery import shared_task
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from talk import announcing, pictures
from talk.models import Message, Room


@shared_task
def make_thumbnail(message_id: int) -> None:
    """Makes a message's small picture, and tells the room of it."""
    message = Message.objects.select_related("author", "room").filter(pk=message_id).first()
    if not message or not message.picture:
        return
    with message.picture.open() as picture:
        content = pictures.thumbnail(picture)
    message.thumbnail.save(f"{message.pk}.webp", ContentFile(content), save=False)
    message.save(update_fields=["thumbnail"])
    announcing.announce(message)


@shared_task
def tally() -> None:
    """Counts today's messages of each room, and tells those whose count has changed."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    for room in Room.objects.all():
        count = room.messages.filter(sent_at__gte=today).count()
        if Room.objects.filter(pk=room.pk).exclude(messages_today=count).update(messages_today=count):
            announcing.tell(room, {"type": "tally", "today": count})


@shared_task
def mail_invitation(address: str, inviter: str, token: str, language: str) -> None:
    """Mails a friend the link that lets them in."""
    with translation.override(language):
        link = f"{settings.SITE_URL}/join/{token}/"
        text = render_to_string("talk/mail/invitation.txt", {"inviter": inviter, "link": link})
        send_mail(_("%(name)s invites you to the courtyard") % {"name": inviter}, text, None, [address])
