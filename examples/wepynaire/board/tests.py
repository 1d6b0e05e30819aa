"""What the board promises."""

import tempfile
from unittest.mock import patch

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError
from django.test import TestCase, override_settings
from django.urls import reverse

from board.models import Note
from board.pictures import MAX_BYTES, kind_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def make_note(**fields: object) -> Note:
    return Note.objects.create(
        **{"category": "offer", "title": "A long ladder", "text": "4 m", "author": "Léa"} | fields
    )


class ListTest(TestCase):
    def test_an_empty_board_invites_the_first_note(self) -> None:
        self.assertContains(self.client.get("/"), "Be the first one")

    def test_the_newest_note_comes_first(self) -> None:
        make_note(title="First")
        make_note(title="Second")
        notes = self.client.get("/").context["note_list"]
        self.assertEqual([note.title for note in notes], ["Second", "First"])

    def test_a_category_shows_its_own_notes_only(self) -> None:
        make_note(title="A long ladder")
        make_note(title="A street party", category="event")
        response = self.client.get("/?category=event")
        self.assertContains(response, "A street party")
        self.assertNotContains(response, "A long ladder")

    def test_a_hidden_note_is_found_nowhere(self) -> None:
        note = make_note(visible=False)
        self.assertNotContains(self.client.get("/"), note.title)
        with self.assertLogs("django.request", "WARNING"):
            self.assertEqual(self.client.get(note.get_absolute_url()).status_code, 404)

    def test_what_visitors_write_is_escaped(self) -> None:
        make_note(text="<script>alert(1)</script>")
        self.assertNotContains(self.client.get("/"), "<script>alert(1)")

    def test_pages_keep_the_category(self) -> None:
        for number in range(25):
            make_note(title=f"Note {number}")
        self.assertContains(self.client.get("/?category=offer"), 'href="?category=offer&amp;page=2"')

    def test_the_example_notes_load(self) -> None:
        call_command("loaddata", "examples", verbosity=0)
        self.assertContains(self.client.get("/"), "Street party")


class CreateTest(TestCase):
    def setUp(self) -> None:
        media = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=media))

    def pin(self, picture: SimpleUploadedFile | None = None, **fields: str):
        data = {"category": "found", "title": "Grey cat", "text": "Answers to Minou", "author": "Noé"} | fields
        return self.client.post(reverse("board:create"), data | ({"picture": picture} if picture else {}), follow=True)

    def test_a_note_is_pinned(self) -> None:
        self.assertContains(self.pin(), "Thank you, Noé!")
        self.assertEqual(Note.objects.get().title, "Grey cat")

    def test_missing_fields_are_named(self) -> None:
        self.assertContains(self.pin(title=""), "This field is required")
        self.assertFalse(Note.objects.exists())

    def test_a_picture_is_stored_and_goes_with_its_note(self) -> None:
        self.pin(SimpleUploadedFile("Minou.PNG", PNG))
        picture = Note.objects.get().picture
        self.assertRegex(picture.name, r"^notes/[0-9a-f]{32}\.png$")
        self.assertEqual(picture.read(), PNG)
        picture.close()
        Note.objects.all().delete()
        self.assertFalse(picture.storage.exists(picture.name))

    def test_what_is_no_picture_is_refused(self) -> None:
        for name, content in [("a.png", b"<html>"), ("a.svg", b"<svg/>"), ("a.html", PNG), ("a.jpg", PNG)]:
            with self.subTest(name=name, content=content):
                self.assertContains(self.pin(SimpleUploadedFile(name, content)), "Please choose a JPEG")
        self.assertFalse(Note.objects.exists())

    def test_a_large_picture_is_refused(self) -> None:
        response = self.pin(SimpleUploadedFile("a.png", PNG + bytes(MAX_BYTES)))
        self.assertContains(response, "larger than 5 MB")

    def test_every_kind_of_picture_is_known_by_its_first_bytes(self) -> None:
        heads = {"jpeg": b"\xff\xd8\xff\xe0", "png": PNG, "gif": b"GIF89a", "webp": b"RIFF\0\0\0\0WEBP"}
        for kind, head in heads.items():
            self.assertEqual(kind_of(head), kind)
        self.assertIsNone(kind_of(b"RIFF\0\0\0\0WAVE"))


class AdminTest(TestCase):
    def setUp(self) -> None:
        self.client.force_login(User.objects.create_superuser("admin"))

    def test_notes_are_listed_and_hidden(self) -> None:
        note = make_note()
        self.assertContains(self.client.get(reverse("admin:board_note_changelist")), note.title)
        fields = {"category": note.category, "title": note.title, "text": note.text, "author": note.author}
        self.client.post(reverse("admin:board_note_change", args=[note.pk]), fields)
        note.refresh_from_db()
        self.assertFalse(note.visible)

    def test_the_admin_checks_pictures_too(self) -> None:
        fields = {"category": "offer", "title": "A", "text": "B", "author": "C"}
        picture = SimpleUploadedFile("a.png", b"<html>")
        response = self.client.post(reverse("admin:board_note_add"), fields | {"picture": picture})
        self.assertContains(response, "Please choose a JPEG")


class HealthTest(TestCase):
    def test_ok(self) -> None:
        response = self.client.get("/healthz")
        self.assertEqual((response.status_code, response.content), (200, b"ok"))

    def test_without_its_database_the_site_is_unhealthy(self) -> None:
        broken = patch("board.views.Note.objects.exists", side_effect=OperationalError("no such table"))
        with broken, self.assertLogs("board.views", "ERROR"), self.assertLogs("django.request", "ERROR"):
            self.assertEqual(self.client.get("/healthz").status_code, 503)


class ErrorPageTest(TestCase):
    def test_not_found(self) -> None:
        with self.assertLogs("django.request", "WARNING"):
            self.assertContains(self.client.get("/nowhere"), "Nothing is pinned here", status_code=404)

    def test_server_error(self) -> None:
        self.client.raise_request_exception = False
        broken = patch("board.views.Note.objects.filter", side_effect=RuntimeError)
        with broken, self.assertLogs("django.request", "ERROR"):
            self.assertContains(self.client.get("/"), "Something went wrong", status_code=500)
