"""A document axis somebody else runs: HTTP, HMAC, queues in memory; of edXML it knows only who writes to whom."""

import hmac
import json
import re
import threading
from hashlib import sha256
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PREFIX = "XroadVnpt-"


class Axis:
    """Systems call it with the key they were given; it never calls. `refuses` are words for which it takes nothing, at `falls` it falls."""

    def __init__(self, systems):
        self.systems, self.lying, self.calls = systems, {}, []
        self.refuses, self.falls, self.is_down = "", "", False
        axis = self

        class Calls(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, answer = axis.answer(self.path.rpartition("/")[2], self.headers, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_said):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Calls)
        self.url = f"http://127.0.0.1:{self.server.server_port}/axis"
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, service, headers, body):
        if self.is_down:
            return 503, b"down"
        names = headers.get(PREFIX + "hash-header", "").split(";")
        said = {name: headers.get(PREFIX + name, "") for name in names}
        if not self.believes(said, headers.get(PREFIX + "sign-header"), body):
            return 401, self.said("FAIL", code="10", words="sai chữ ký")
        self.calls.append((service, said["from"], said["messagetype"]))
        if self.falls and self.falls in body.decode() + said.get("docId", ""):
            return 500, b"fault"
        if service == "sendEdoc":
            return 200, self.send(body.decode(), body, said["messagetype"])
        lying = self.lying.setdefault((said["from"], said["messagetype"]), {})
        if service == "getReceivedEdocList":
            rows = [{"docId": name, "status": one["status"]} for name, one in lying.items()]
            return 200, self.said(data=[row for row in rows if row["status"] != "done"])
        return 200, self.about(lying[said["docId"]], service, said)

    def believes(self, said, mark, body):
        key = self.systems.get(said.get("systemid"), "")
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        is_whole = not body or said.get("hash-file") == sha256(body).hexdigest()
        return is_whole and mark == hmac.new(key.encode(), text.encode(), sha256).hexdigest()

    def about(self, message, service, said):
        if service == "getEdoc":
            return message["raw"]
        message["status"] = said["status"]
        return self.said()

    def send(self, text, raw, kind):
        if self.refuses and self.refuses in text:
            return self.said("FAIL", code="22", words="văn bản không đúng thể thức")
        part = (
            r"<(?:\w+:)?To>.*?</(?:\w+:)?To>"
            if kind == "edoc"
            else r"<(?:\w+:)?ResponseFor>.*?</(?:\w+:)?ResponseFor>"
        )
        for block in re.findall(part, text, re.DOTALL):
            to = re.search(r"OrganId>(.*?)<", block)[1]
            self.lay(to, kind, raw)
        return self.said()

    def lay(self, agency, kind, raw):
        there = self.lying.setdefault((agency, kind), {})
        there[f"m{len(there) + 1}"] = {"raw": raw, "status": ""}

    def said(self, status="OK", code="0", words="", data=None):
        answer = {"status": status, "ErrorCode": code, "ErrorDesc": words, "data": data, "DocId": ""}
        return json.dumps(answer).encode()

    def post(self, path, *, data, content_type, headers):
        """As a document system far away calls it."""
        line = HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        try:
            line.request("POST", path, data, {"Content-Type": content_type, **headers})
            return line.getresponse().read()
        finally:
            line.close()
