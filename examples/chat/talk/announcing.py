"""What browsers in a room are told, whichever process it comes from."""

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from talk.models import Message, Room


def announce(message: Message) -> None:
    """Tells the room of a message that is new, or has got its thumbnail."""
    tell(message.room, {"type": "message", "message": message.as_dict()})


def tell(room: Room, content: dict[str, object]) -> None:
    """Sends something to every browser in the room."""
    async_to_sync(get_channel_layer().group_send)(room.group, {"type": "to.browser", "content": content})
