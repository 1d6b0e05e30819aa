"""The forms of the rooms."""

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import UserCreationForm
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from talk.models import Message
from talk.pictures import ACCEPT, check_picture


class MessageForm(forms.ModelForm):
    """What is said: words, a picture, or both."""

    class Meta:
        model = Message
        fields = ["text", "picture"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 1, "placeholder": _("Say something…"), "autocomplete": "off"}),
            "picture": forms.FileInput(attrs={"accept": ACCEPT}),
        }

    def clean_picture(self) -> object:
        picture = self.cleaned_data["picture"]
        if isinstance(picture, UploadedFile):
            check_picture(picture)
        return picture

    def clean(self) -> dict[str, object]:
        data = super().clean()
        if not self.errors and not data.get("text") and not data.get("picture"):
            raise forms.ValidationError(_("Say something, or choose a picture."), code="empty")
        return data


class InvitationForm(forms.Form):
    """Whom to invite."""

    address = forms.EmailField(label=_("A friend’s e-mail address"))


class JoinForm(UserCreationForm):
    """The account of somebody who was invited."""

    class Meta:
        model = get_user_model()
        fields = ["username"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
