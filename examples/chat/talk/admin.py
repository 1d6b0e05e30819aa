from django.contrib import admin

from talk.models import Message, Room


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    """Rooms, to be opened, named and closed."""

    list_display = ["name", "topic", "messages_today"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Messages, to be removed."""

    list_display = ["__str__", "room", "author", "sent_at"]
    list_filter = ["room", "author"]
    search_fields = ["text"]
    readonly_fields = ["sent_at"]

    def has_add_permission(self, request: object) -> bool:
        return False
