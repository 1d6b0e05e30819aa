"""The WebSocket of a room."""

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from talk.forms import MessageForm
from talk.models import Room
from talk.posting import post

# From 4000 on codes are an application's own.
NOT_SIGNED_IN = 4401
NO_SUCH_ROOM = 4404


class RoomConsumer(AsyncJsonWebsocketConsumer):
    """Hears what is said in a room, and says what it is sent: {"text": "…"}."""

    room: Room | None = None

    async def connect(self) -> None:
        # A browser is told the code of a close only after it was let in.
        await self.accept()
        if not self.scope["user"].is_authenticated:
            return await self.close(NOT_SIGNED_IN)
        self.room = await Room.objects.filter(slug=self.scope["url_route"]["kwargs"]["slug"]).afirst()
        if not self.room:
            return await self.close(NO_SUCH_ROOM)
        await self.channel_layer.group_add(self.room.group, self.channel_name)
        await self.send_json({"type": "welcome"})

    async def disconnect(self, code: int) -> None:
        if self.room:
            await self.channel_layer.group_discard(self.room.group, self.channel_name)

    async def receive_json(self, content: object, **kwargs: object) -> None:
        if not self.room:
            return
        form = MessageForm({"text": content.get("text") if isinstance(content, dict) else None})
        if not await database_sync_to_async(form.is_valid)():
            return await self.send_json({"type": "refused", "errors": [e for es in form.errors.values() for e in es]})
        await database_sync_to_async(post)(self.room, self.scope["user"], form.cleaned_data["text"])

    async def to_browser(self, event: dict[str, object]) -> None:
        await self.send_json(event["content"])
