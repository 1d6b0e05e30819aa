"""The pages of the rooms."""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, FormView, ListView
from redis.exceptions import RedisError

from talk.forms import InvitationForm, JoinForm, MessageForm
from talk.invitations import address_of, token_for
from talk.models import Room
from talk.posting import post
from talk.tasks import mail_invitation

logger = logging.getLogger(__name__)

PAGE = 50


class RoomList(LoginRequiredMixin, ListView):
    """All rooms."""

    model = Room


class RoomDetail(LoginRequiredMixin, DetailView):
    """A room with the last messages; the script of the page brings what is said from then on."""

    model = Room

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        newest = self.object.messages.select_related("author").order_by("-pk")[:PAGE]
        return super().get_context_data(
            rooms=Room.objects.all(),
            said=[message.as_dict() for message in reversed(newest)],
            form=MessageForm(),
            words=words(),
            **kwargs,
        )


def words() -> dict[str, str]:
    """What the script of a room says."""
    return {
        "connecting": _("Connecting…"),
        "connected": _("Connected"),
        "restarting": _("The server restarts: connecting again…"),
        "offline": _("Offline: trying again…"),
        "signedOut": _("You are signed out: please reload the page."),
        "failed": _("That did not go through: please try again."),
        "picture": _("A picture"),
        "silence": _("Nobody has said anything yet."),
    }


class Messages(LoginRequiredMixin, View):
    """The messages of a room, for scripts: those after `?after=ID`; a new one by POST."""

    # A script is told that nobody is signed in, and not led to a form.
    raise_exception = True

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        room = get_object_or_404(Room, slug=slug)
        after = request.GET.get("after", "0")
        if not after.isdecimal():
            return JsonResponse({"errors": ["after is the number of a message"]}, status=400)
        said = room.messages.select_related("author").filter(pk__gt=int(after))
        return JsonResponse({"messages": [message.as_dict() for message in said[:500]]})

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        room = get_object_or_404(Room, slug=slug)
        form = MessageForm(request.POST, request.FILES)
        if not form.is_valid():
            return JsonResponse({"errors": [error for errors in form.errors.values() for error in errors]}, status=400)
        message = post(room, request.user, form.cleaned_data["text"], form.cleaned_data["picture"])
        return JsonResponse(message.as_dict(), status=201)


class Invite(LoginRequiredMixin, FormView):
    """Mails a friend a link that lets them in."""

    form_class = InvitationForm
    template_name = "talk/invite.html"
    success_url = reverse_lazy("talk:rooms")

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        address = form.cleaned_data["address"]
        mail_invitation.delay(address, self.request.user.get_username(), token_for(address), get_language())
        messages.success(self.request, _("An invitation is on its way to %(address)s.") % {"address": address})
        return super().form_valid(form)


class Join(FormView):
    """Makes the account of somebody who was invited, and lets them in."""

    form_class = JoinForm
    template_name = "talk/join.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        self.address = address_of(self.kwargs["token"])
        if self.address is None:
            messages.error(request, _("This invitation is no longer good: please ask for another one."))
            return redirect("login")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: JoinForm) -> HttpResponse:
        form.instance.email = self.address
        login(self.request, form.save())
        return redirect("talk:rooms")


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 "ok" when the site can read its tables and reach who is in its rooms, else 503."""
    try:
        Room.objects.exists()
        async_to_sync(get_channel_layer().group_send)("health", {"type": "to.browser", "content": {}})
    except (DatabaseError, RedisError, OSError):
        logger.exception("The health check failed")
        return HttpResponse("unavailable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
