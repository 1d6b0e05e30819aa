from django.contrib import admin

from board.forms import CheckedNoteForm
from board.models import Note


@admin.register(Note)
class NoteAdmin(admin.ModelAdmin):
    """Notes, to be hidden, corrected or removed."""

    form = CheckedNoteForm
    list_display = ["title", "category", "author", "pinned_at", "visible"]
    list_editable = ["visible"]
    list_filter = ["category", "visible"]
    search_fields = ["title", "text", "author"]
    date_hierarchy = "pinned_at"
    readonly_fields = ["pinned_at"]
