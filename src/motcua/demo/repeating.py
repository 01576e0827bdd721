"""A clumsy postman before a node: every parcel, file and message between nodes is handed on twice."""

import http.client
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ONCE = ("/exchange/calls",)  # a repeated call is refused by its nonce; the first answer counts


def repeat(port: int, exchange_port: int, count: Path) -> None:
    """Serve until the process ends; a line is added to `count` for each request that was repeated."""
    ThreadingHTTPServer(("127.0.0.1", port), handler(exchange_port, count)).serve_forever(0.1)


def handler(exchange_port: int, count: Path) -> type[BaseHTTPRequestHandler]:
    """What takes each request."""

    class Postman(BaseHTTPRequestHandler):
        """Hands on, twice, and answers with what the node said last."""

        protocol_version = "HTTP/1.1"

        def take(self) -> None:
            body = content(self)
            answers = [hand_on(self, exchange_port, body)]
            if self.command != "GET":
                answers.append(hand_on(self, exchange_port, body))
                with count.open("a") as lines:
                    lines.write(f"{self.command} {self.path} {answers[0][0]} {answers[1][0]}\n")
            status, media_type, said = answers[0] if self.path in ONCE else answers[-1]
            self.send_response_only(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = take  # noqa: N815 — as the class above calls them

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — as above
            """Say nothing."""

    return Postman


def content(request: BaseHTTPRequestHandler) -> bytes:
    """The body, of a known length or in chunks."""
    if request.headers.get("transfer-encoding", "").lower() != "chunked":
        return request.rfile.read(int(request.headers.get("content-length", 0)))
    parts = []
    while size := int(request.rfile.readline().split(b";")[0], 16):
        parts.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(parts)


def hand_on(request: BaseHTTPRequestHandler, exchange_port: int, body: bytes) -> tuple[int, str, bytes]:
    """Give the request to the node itself; status, media type and body of its answer."""
    left_out = {"transfer-encoding", "content-length", "connection"}
    connection = http.client.HTTPConnection("127.0.0.1", exchange_port, timeout=60)
    try:
        connection.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            if name.lower() not in left_out:
                connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("content-type", ""), answer.read()
    finally:
        connection.close()
