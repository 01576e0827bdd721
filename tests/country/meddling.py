"""Stands between the nodes: hands on every request as it is, or twice, or with one byte changed."""

import http.client
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CALLS = "/exchange/calls"


@dataclass(frozen=True)
class Answer:
    """What a node answered to what was handed on."""

    path: str
    status: int
    media_type: str
    body: bytes


def once(path, body):
    return [body]


def twice(path, body):
    return [body, body]


def with_one_byte_changed(path, body):
    changed = bytearray(body)
    changed[len(changed) // 2] ^= 1
    return [bytes(changed)]


@dataclass
class Meddler:
    """What stands before one node. `meddle(path, body)` says which bodies are handed on for one that comes."""

    node: str
    port: int
    exchange_port: int
    meddle: object = once
    answers: list = field(default_factory=list)
    handed_on: list = field(default_factory=list)  # the same, in one list for each request that came

    def __post_init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), handler(self))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def hand_on(self, method, path, headers, body):
        """All that the node answers; OSError if it does not."""
        told = []
        for each in self.meddle(path, body):
            connection = http.client.HTTPConnection("127.0.0.1", self.exchange_port, timeout=60)
            try:
                connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
                for name, value in headers:
                    if name.lower() not in {"transfer-encoding", "content-length", "connection"}:
                        connection.putheader(name, value)
                connection.putheader("Content-Length", str(len(each)))
                connection.endheaders(each)
                response = connection.getresponse()
                told.append(
                    Answer(path, response.status, response.headers.get("content-type", ""), response.read())
                )
            finally:
                connection.close()
        self.answers += told
        self.handed_on.append(told)
        return told


def handler(meddler):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def take(self):
            try:
                answers = meddler.hand_on(self.command, self.path, self.headers.items(), self.content())
            except (OSError, http.client.HTTPException):
                self.close_connection = True  # as if the node itself did not answer
                return
            # A repeated call is refused, and the first answer counts; a repeated parcel is answered as the first was.
            answer = answers[0] if self.path == CALLS else answers[-1]
            self.send_response_only(answer.status)
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = take  # noqa: N815 — as the class above calls them

        def content(self):
            if self.headers.get("transfer-encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("content-length", 0)))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def log_message(self, *_):
            """Silent."""

    return Handler
