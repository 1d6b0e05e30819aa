"""The pages of the board."""

import logging

from django.contrib.messages.views import SuccessMessageMixin
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.generic import CreateView, DetailView, ListView

from board.forms import NoteForm
from board.models import Note

logger = logging.getLogger(__name__)


class NoteList(ListView):
    """The visible notes, the newest first; `?category=event` shows one kind only."""

    paginate_by = 24

    def get_queryset(self) -> QuerySet[Note]:
        notes = Note.objects.filter(visible=True)
        return notes.filter(category=self.category) if self.category else notes

    @property
    def category(self) -> str | None:
        """The category asked for, or None: an unknown one shows them all."""
        asked = self.request.GET.get("category")
        return asked if asked in Note.Category.values else None

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(categories=Note.Category.choices, category=self.category, **kwargs)


class NoteDetail(DetailView):
    """One note."""

    queryset = Note.objects.filter(visible=True)


class NoteCreate(SuccessMessageMixin, CreateView):
    """The form that pins a note."""

    model = Note
    form_class = NoteForm
    success_url = reverse_lazy("board:list")
    success_message = "Your note is on the board. Thank you, %(author)s!"


@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 "ok" when the site can read its tables, else 503."""
    try:
        Note.objects.exists()
    except DatabaseError:
        logger.exception("The health check could not read the database")
        return HttpResponse("database unavailable", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
