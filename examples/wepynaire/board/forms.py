"""The forms notes are written with."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from board.models import Note
from board.pictures import ACCEPT, check_picture


class CheckedNoteForm(forms.ModelForm):
    """A note whose picture, when a new one is uploaded, really is one."""

    def clean_picture(self) -> object:
        picture = self.cleaned_data["picture"]
        if isinstance(picture, UploadedFile):
            check_picture(picture)
        return picture


class NoteForm(CheckedNoteForm):
    """What visitors fill in."""

    class Meta:
        model = Note
        fields = ["category", "title", "text", "author", "picture"]
        labels = {"author": "Your name"}
        help_texts = {"picture": "Optional. JPEG, PNG, GIF or WebP, up to 5 MB."}
        widgets = {
            "category": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 6}),
            "author": forms.TextInput(attrs={"autocomplete": "name"}),
            "picture": forms.FileInput(attrs={"accept": ACCEPT}),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        # Without the empty choice "---------".
        self.fields["category"].choices = Note.Category.choices
