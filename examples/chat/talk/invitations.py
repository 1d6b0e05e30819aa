"""Links that let somebody in: signed, so that nothing has to be kept for them."""

from django.contrib.auth import get_user_model
from django.core import signing

SALT = "talk.invitation"
DAYS = 7


def token_for(address: str) -> str:
    return signing.dumps(address, salt=SALT)


def address_of(token: str) -> str | None:
    """Whom a link was mailed to; None when it is not ours, is too old, or was used."""
    try:
        address = signing.loads(token, salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return None
    return None if get_user_model().objects.filter(email__iexact=address).exists() else address
