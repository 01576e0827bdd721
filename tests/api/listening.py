"""A machine that is told, on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listening:
    """What was posted to it is `heard` as (headers, body); it answers with `status` and, if set, leads on to `leads_to`."""

    def __init__(self):
        self.heard, self.status, self.leads_to = [], 200, ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}/notices"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def kinds(self):
        return [json.loads(body)["type"] for _headers, body in self.heard]


def handler(listening):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listening.heard.append((dict(self.headers), body))
            self.send_response(listening.status)
            if listening.leads_to:
                self.send_header("Location", listening.leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words):
            """Tests are quiet."""

    return Handler
