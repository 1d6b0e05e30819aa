from django.apps import AppConfig


class TalkConfig(AppConfig):
    """Rooms in which neighbours talk."""

    name = "talk"
