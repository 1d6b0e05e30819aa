"""Mails everybody what others said in the last day; for a timer."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.core.management.base import BaseCommand
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talk.models import Message


class Command(BaseCommand):
    help = "Mails everybody what others said in the last 24 hours."

    def handle(self, **options: object) -> None:
        said = Message.objects.select_related("room", "author").filter(sent_at__gte=timezone.now() - timedelta(days=1))
        count = 0
        for reader in get_user_model().objects.filter(is_active=True).exclude(email=""):
            others = [message for message in said if message.author_id != reader.pk]
            if others:
                text = render_to_string("talk/mail/digest.txt", {"said": others, "link": settings.SITE_URL})
                subject = ngettext("%(n)s message in the courtyard", "%(n)s messages in the courtyard", len(others))
                send_mail(subject % {"n": len(others)}, text, None, [reader.email])
                count += 1
        self.stdout.write(_("Digests sent: %(n)s") % {"n": count})
