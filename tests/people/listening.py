"""A service that hears of ended sessions, on loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


class Listening:
    """What was posted to it is `heard`; it answers with `status`."""

    def __init__(self):
        self.heard, self.status = [], 200
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_port}/logout"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def handler(listening):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            listening.heard.append({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(listening.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words):
            """Tests are quiet."""

    return Handler
