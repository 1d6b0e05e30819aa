from django.apps import AppConfig


class BoardConfig(AppConfig):
    """The notice board: notes that anybody may read and pin."""

    name = "board"
