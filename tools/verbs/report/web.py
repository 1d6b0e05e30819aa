"""What a visitor gets from nginx."""

import http.client
import socket
import ssl


def answer(site):
    """The status that a visitor gets from nginx, or why there is none."""
    health = site["health"]
    try:
        connection = http.client.HTTPConnection("127.0.0.1", 80, timeout=5)
        if has_https(site):
            connection.sock = by_https(health["host"])
        connection.request("GET", health["path"], headers={"Host": health["host"]})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__


def certificate(site):
    """The certificate that nginx shows to visitors, as PEM; none where there is no HTTPS."""
    try:
        with by_https(site["health"]["host"]) as connection:
            return ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True))
    except OSError:
        return None


def has_https(site):
    return site["url"].startswith("https:")


def by_https(host):
    """A visitor's connection to nginx by HTTPS, whoever vouches for the certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", 443), timeout=5), server_hostname=host)
