"""What stands around a machine in a closed network, each on a port of loopback. Every request becomes one line of its
log, `OK LINE` or `DENIED LINE`:
  servers.py proxy PORT CREDENTIALS              an HTTP proxy; USER:PASSWORD is what the file holds
  servers.py index PORT CREDENTIALS FOLDER PEM   a package index of a folder's wheels, by HTTPS
  servers.py mirror PORT                         a mirror of Debian that asks Debian's own
"""

import base64
import http.server
import os
import re
import select
import socket
import ssl
import sys
import urllib.error
import urllib.request


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    credentials = ""
    folder = ""

    def log_message(self, *_):
        pass

    def let_in(self, header, challenge, status):
        wanted = "Basic " + base64.b64encode(self.credentials.encode()).decode()
        granted = self.headers.get(header) == wanted
        print("OK" if granted else "DENIED", self.requestline, flush=True)
        if not granted:
            self.answer(status, b"", {challenge: 'Basic realm="test"'})
        return granted

    def answer(self, status, body=b"", headers={}):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def fetch(self, url):
        """Answers with what another server answers, asked without any proxy."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        passed = ("If-Modified-Since", "Range", "If-Range")
        headers = {name: self.headers[name] for name in passed if name in self.headers}
        try:
            with opener.open(urllib.request.Request(url, headers=headers), timeout=60) as found:
                self.answer(found.status, found.read(), self.kept(found.headers))
        except urllib.error.HTTPError as error:
            self.answer(error.code, b"" if error.code == 304 else error.read())
        except OSError as error:
            self.answer(502, str(error).encode())

    def kept(self, headers):
        names = ("Content-Type", "Last-Modified", "Content-Range", "Accept-Ranges")
        return {name: headers[name] for name in names if name in headers}


class Proxy(Server):
    def do_GET(self):
        if self.let_in("Proxy-Authorization", "Proxy-Authenticate", 407):
            self.fetch(self.path)

    do_HEAD = do_GET

    def do_CONNECT(self):
        if not self.let_in("Proxy-Authorization", "Proxy-Authenticate", 407):
            return
        host, port = self.path.rsplit(":", 1)
        try:
            there = socket.create_connection((host, int(port)), timeout=30)
        except OSError as error:
            self.answer(502, str(error).encode())
            return
        self.send_response(200)
        self.end_headers()
        ends = {self.connection: there, there: self.connection}
        while True:
            for end in select.select(list(ends), [], [], 60)[0] or [None]:
                data = end.recv(65536) if end else b""
                if not data:
                    there.close()
                    self.close_connection = True
                    return
                ends[end].sendall(data)


class Index(Server):
    def do_GET(self):
        if not self.let_in("Authorization", "WWW-Authenticate", 401):
            return
        wheels = [name for name in os.listdir(self.folder) if name.endswith(".whl")]
        name = os.path.basename(self.path.rstrip("/"))
        if name in wheels:
            with open(os.path.join(self.folder, name), "rb") as file:
                self.answer(200, file.read())
            return
        mine = [wheel for wheel in wheels if re.sub("[._]", "-", wheel.split("-")[0]).lower() == name]
        links = "".join('<a href="/files/%s">%s</a>\n' % (wheel, wheel) for wheel in mine)
        self.answer(200 if mine else 404, links.encode(), {"Content-Type": "text/html"})

    do_HEAD = do_GET


class Mirror(Server):
    def do_GET(self):
        print("OK", self.requestline, flush=True)
        self.fetch("http://deb.debian.org" + self.path)

    do_HEAD = do_GET


def main():
    kind, port, *rest = sys.argv[1:]
    handler = {"proxy": Proxy, "index": Index, "mirror": Mirror}[kind]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), handler)
    if rest:
        with open(rest[0]) as file:
            handler.credentials = file.read()
    if kind == "index":
        handler.folder = rest[1]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(rest[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


main()
