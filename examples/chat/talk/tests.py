"""Tests of the rooms: pages, WebSockets, tasks, mails."""

import re
from datetime import timedelta
from io import BytesIO, StringIO
from shutil import which
from tempfile import TemporaryDirectory
from unittest import skipUnless
from unittest.mock import patch

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.utils import timezone, translation
from PIL import Image

from courtyard.asgi import application
from talk import pictures, tasks
from talk.invitations import SALT, address_of, token_for
from talk.models import Message, Room


def picture(kind: str = "PNG", size: tuple[int, int] = (1000, 600), name: str = "a.png") -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())


def said(user: User, text: str = "Hello", slug: str = "garden", **fields: object) -> Message:
    return Message.objects.create(room=Room.objects.get(slug=slug), author=user, text=text, **fields)


class WithRooms(TestCase):
    fixtures = ["rooms"]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.ada = User.objects.create_user("ada", "ada@example.org")
        cls.ben = User.objects.create_user("ben", "ben@example.org")

    def setUp(self) -> None:
        media = TemporaryDirectory()
        self.addCleanup(media.cleanup)
        self.enterContext(override_settings(MEDIA_ROOT=media.name))
        # The last request's language would be the next test's.
        self.addCleanup(translation.deactivate)
        self.client.force_login(self.ada)

    def send(self, **fields: object) -> HttpResponse:
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post("/rooms/garden/messages", fields)


class PagesTest(WithRooms):
    def test_strangers_are_led_to_the_door(self) -> None:
        for path in ["/", "/rooms/garden/", "/invite/"]:
            self.assertRedirects(Client().get(path), f"/login/?next={path}")
        with self.assertLogs("django.request", "WARNING"):
            self.assertEqual(Client().get("/rooms/garden/messages").status_code, 403)
            self.assertEqual(Client().post("/rooms/garden/messages", {"text": "Hello"}).status_code, 403)

    def test_all_rooms_are_listed(self) -> None:
        page = self.client.get("/")
        for room in Room.objects.all():
            self.assertContains(page, room.name)

    def test_a_room_shows_its_last_messages_and_no_markup_of_theirs(self) -> None:
        for number in range(60):
            said(self.ben, f"number {number}.")
        said(self.ben, "</script><b>bold")
        page = self.client.get("/rooms/garden/")
        self.assertContains(page, "number 59.")
        self.assertNotContains(page, "number 10.")
        self.assertNotContains(page, "</script><b>")
        with self.assertLogs("django.request", "WARNING"):
            self.assertEqual(self.client.get("/rooms/cellar/").status_code, 404)

    @skipUnless(which("msgfmt"), "gettext is not installed")
    def test_pages_speak_the_language_of_their_reader(self) -> None:
        call_command("compilemessages", verbosity=0)
        page = self.client.get("/", headers={"accept-language": "fr"})
        self.assertContains(page, "Bonjour, ada")
        self.assertContains(page, '<html lang="fr">')


class MessagesTest(WithRooms):
    def test_a_message_is_kept_and_answered(self) -> None:
        answer = self.send(text="  Hello \n there ")
        self.assertEqual(answer.status_code, 201)
        self.assertEqual(answer.json()["text"], "Hello \n there")
        self.assertEqual(answer.json()["author"], "ada")

    def test_messages_after_one_are_listed(self) -> None:
        first, second = said(self.ada, "one"), said(self.ben, "two")
        said(self.ben, "elsewhere", slug="workshop")
        listed = self.client.get("/rooms/garden/messages", {"after": first.pk}).json()["messages"]
        self.assertEqual([(message["id"], message["text"]) for message in listed], [(second.pk, "two")])
        self.assertEqual(len(self.client.get("/rooms/garden/messages").json()["messages"]), 2)
        with self.assertLogs("django.request", "WARNING"):
            self.assertEqual(self.client.get("/rooms/garden/messages?after=x").status_code, 400)

    def test_nothing_is_no_message(self) -> None:
        with self.assertLogs("django.request", "WARNING"):
            answer = self.send(text=" ")
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(answer.json()["errors"], ["Say something, or choose a picture."])

    def test_a_picture_gets_a_small_one_and_both_go_with_the_message(self) -> None:
        self.assertEqual(self.send(picture=picture()).status_code, 201)
        message = Message.objects.get()
        self.assertRegex(message.picture.name, r"^pictures/[0-9a-f]{32}\.png$")
        with Image.open(message.thumbnail) as small:
            self.assertEqual((small.format, small.size), ("WEBP", (720, 432)))
        kept = [message.picture, message.thumbnail]
        Message.objects.all().delete()
        self.assertFalse(any(file.storage.exists(file.name) for file in kept))

    def test_what_is_no_picture_is_refused(self) -> None:
        page = SimpleUploadedFile("a.png", b"<html>")
        disguised, damaged = picture(name="a.html"), SimpleUploadedFile("a.png", picture().read()[:60])
        drawing = SimpleUploadedFile("a.svg", b"<svg/>")
        self.enterContext(self.assertLogs("django.request", "WARNING"))
        for upload in [page, disguised, damaged, drawing]:
            with self.subTest(upload.name):
                self.assertEqual(self.send(picture=upload).status_code, 400)
        with patch.object(pictures, "MAX_BYTES", 10):
            self.assertIn("larger than 8 MB", self.send(picture=picture()).json()["errors"][0])
        with patch.object(pictures, "MAX_PIXELS", 10):
            self.assertEqual(self.send(picture=picture()).status_code, 400)
        self.assertFalse(Message.objects.exists())


class LiveTest(TransactionTestCase):
    """Two browsers in one room; on connections of their own, as in earnest."""

    fixtures = ["rooms"]

    def setUp(self) -> None:
        self.clients = {name: Client() for name in ("ada", "ben")}
        for name, client in self.clients.items():
            client.force_login(User.objects.create_user(name))

    def enter(self, name: str, slug: str = "garden") -> WebsocketCommunicator:
        client = self.clients.get(name)
        cookie = client.cookies["sessionid"].value if client else ""
        headers = [(b"cookie", f"sessionid={cookie}".encode()), (b"origin", b"http://localhost")]
        return WebsocketCommunicator(application, f"/ws/rooms/{slug}/", headers)

    async def welcome(self, name: str, slug: str = "garden") -> WebsocketCommunicator:
        socket = self.enter(name, slug)
        self.assertTrue((await socket.connect())[0])
        self.assertEqual(await socket.receive_json_from(), {"type": "welcome"})
        return socket

    async def test_everybody_in_a_room_hears_what_is_said_there(self) -> None:
        ada, ben, elsewhere = [
            await self.welcome("ada"),
            await self.welcome("ben"),
            await self.welcome("ben", "workshop"),
        ]
        await ada.send_json_to({"text": "Hello"})
        for socket in (ada, ben):
            heard = await socket.receive_json_from()
            self.assertEqual((heard["type"], heard["message"]["text"]), ("message", "Hello"))
            self.assertEqual(heard["message"]["author"], "ada")
        self.assertTrue(await elsewhere.receive_nothing())
        self.assertEqual(await Message.objects.acount(), 1)
        for socket in (ada, ben, elsewhere):
            await socket.disconnect()

    async def test_what_comes_by_a_form_is_heard_as_well(self) -> None:
        ben = await self.welcome("ben")
        send = database_sync_to_async(self.clients["ada"].post)
        self.assertEqual((await send("/rooms/garden/messages", {"text": "By form"})).status_code, 201)
        self.assertEqual((await ben.receive_json_from())["message"]["text"], "By form")
        await ben.disconnect()

    async def test_what_is_no_message_is_refused(self) -> None:
        ada = await self.welcome("ada")
        for nothing in [{"text": " "}, {"text": "x" * 2001}, {}, [], "text"]:
            await ada.send_json_to(nothing)
            self.assertEqual((await ada.receive_json_from())["type"], "refused")
        self.assertFalse(await Message.objects.aexists())
        await ada.disconnect()

    async def test_strangers_and_wrong_doors_are_told_so(self) -> None:
        for name, slug, code in [("nobody", "garden", 4401), ("ada", "cellar", 4404)]:
            socket = self.enter(name, slug)
            await socket.connect()
            self.assertEqual((await socket.receive_output())["code"], code)

    async def test_pages_of_other_sites_get_no_connection(self) -> None:
        cookie = self.clients["ada"].cookies["sessionid"].value
        headers = [(b"cookie", f"sessionid={cookie}".encode()), (b"origin", b"http://elsewhere.example")]
        self.assertFalse((await WebsocketCommunicator(application, "/ws/rooms/garden/", headers).connect())[0])

    async def test_a_new_count_is_told(self) -> None:
        ada = await self.welcome("ada")
        author = await User.objects.aget(username="ben")
        await database_sync_to_async(said)(author)
        await database_sync_to_async(tasks.tally)()
        self.assertEqual(await ada.receive_json_from(), {"type": "tally", "today": 1})
        await database_sync_to_async(tasks.tally)()
        self.assertTrue(await ada.receive_nothing())
        await ada.disconnect()


class TasksTest(WithRooms):
    def test_only_messages_of_today_count(self) -> None:
        said(self.ada)
        said(self.ada, sent_at=timezone.now() - timedelta(days=1))
        tasks.tally()
        counts = Room.objects.values_list("slug", "messages_today")
        self.assertEqual(dict(counts), {"garden": 1, "stairwell": 0, "workshop": 0})

    def test_a_message_that_is_gone_needs_no_small_picture(self) -> None:
        tasks.make_thumbnail(0)
        tasks.make_thumbnail(said(self.ada).pk)

    def test_a_digest_tells_what_others_said(self) -> None:
        said(self.ada, "Ripe & sweet tomatoes")
        said(self.ben, "Too old", sent_at=timezone.now() - timedelta(days=2))
        User.objects.create_user("without-address")
        out = StringIO()
        call_command("send_digest", stdout=out)
        self.assertEqual(out.getvalue(), "Digests sent: 1\n")
        [digest] = mail.outbox
        self.assertEqual((digest.to, digest.subject), (["ben@example.org"], "1 message in the courtyard"))
        self.assertIn("The garden\n  ada: Ripe & sweet tomatoes\n", digest.body)
        self.assertNotIn("Too old", digest.body)


class InvitationTest(WithRooms):
    def invite(self) -> str:
        self.assertRedirects(self.client.post("/invite/", {"address": "cleo@example.org"}), "/")
        [invitation] = mail.outbox
        self.assertEqual(invitation.to, ["cleo@example.org"])
        self.assertIn("ada invites you", invitation.subject)
        link = re.search(r"http://localhost:8000(/join/\S+)", invitation.body)
        assert link
        return link[1]

    def test_a_friend_joins_by_the_link_once(self) -> None:
        link, friend = self.invite(), Client()
        self.assertContains(friend.get(link), "cleo@example.org")
        answer = friend.post(link, {"username": "cleo", "password1": "plums-and-pears", "password2": "plums-and-pears"})
        self.assertRedirects(answer, "/")
        self.assertEqual(User.objects.get(username="cleo").email, "cleo@example.org")
        self.assertContains(friend.get("/"), "Hello, cleo")
        self.assertRedirects(Client().get(link), "/login/")

    def test_a_link_must_be_ours_and_young(self) -> None:
        self.assertIsNone(address_of("cleo@example.org"))
        self.assertIsNone(address_of(token_for("cleo@example.org")[:-1]))
        token = token_for("cleo@example.org")
        self.assertEqual(address_of(token), "cleo@example.org")
        with patch("django.core.signing.time.time", return_value=timezone.now().timestamp() + 8 * 86_400):
            self.assertIsNone(address_of(token))
        self.assertNotIn(SALT, token)

    @skipUnless(which("msgfmt"), "gettext is not installed")
    def test_it_is_written_in_the_language_of_the_one_who_invites(self) -> None:
        call_command("compilemessages", verbosity=0)
        self.client.post("/invite/", {"address": "cleo@example.org"}, headers={"accept-language": "fr"})
        self.assertEqual(mail.outbox[0].subject, "ada vous invite dans la cour")


class HealthTest(TestCase):
    def test_ok(self) -> None:
        response = self.client.get("/healthz")
        self.assertEqual((response.status_code, response.content), (200, b"ok"))

    def test_without_its_database_the_site_is_unhealthy(self) -> None:
        broken = patch("talk.views.Room.objects.exists", side_effect=OperationalError("no such table"))
        with broken, self.assertLogs("talk.views", "ERROR"), self.assertLogs("django.request", "ERROR"):
            self.assertEqual(self.client.get("/healthz").status_code, 503)

    def test_without_its_channel_layer_the_site_is_unhealthy(self) -> None:
        layer = "channels.layers.InMemoryChannelLayer.group_send"
        broken = patch(layer, side_effect=ConnectionRefusedError)
        with broken, self.assertLogs("talk.views", "ERROR"), self.assertLogs("django.request", "ERROR"):
            self.assertEqual(self.client.get("/healthz").status_code, 503)


class AdminTest(WithRooms):
    def test_rooms_are_opened_and_messages_removed(self) -> None:
        self.client.force_login(User.objects.create_superuser("root"))
        self.client.post("/admin/talk/room/add/", {"slug": "cellar", "name": "The cellar", "topic": ""})
        self.assertTrue(Room.objects.filter(slug="cellar").exists())
        message = said(self.ada)
        self.assertContains(self.client.get("/admin/talk/message/"), "Hello")
        self.client.post(f"/admin/talk/message/{message.pk}/delete/", {"post": "yes"})
        self.assertFalse(Message.objects.exists())
