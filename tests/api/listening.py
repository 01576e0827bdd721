"""A machine that is told, on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listening:
    """What was posted to it is `heard` as (headers, body); it answers with `status` and `said`, or leads on to `leads_to`."""

    def __init__(self):
        self.heard, self.status, self.leads_to, self.said = [], 200, "", b""
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
            self.send_header("Content-Length", str(len(listening.said)))
            self.end_headers()
            self.wfile.write(listening.said)

        def log_message(self, *_words):
            """Tests are quiet."""

    return Handler
