"""A small identity provider of another make, speaking HTTP on loopback; it can be told to answer wrongly."""

import base64
import json
import secrets
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "cong-tinh", "bi-mat-cua-nut"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FOREIGN = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Elsewhere:
    """Who stands where in `person`; `wrong` changes the claims, `key` signs, `names_itself` is what discovery says."""

    def __init__(self):
        self.person = {"sub": "n-1", "personal_number": "000196004821", "name": "Trần Hạ Mây", "acr": "LoA2"}
        self.wrong, self.key, self.userinfo, self.codes = {}, KEY, {}, {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.url = self.names_itself = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def agree(self, location):
        """What the person's browser brings back after they have signed in there."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return asked, {"code": code, "state": asked["state"]}

    def token(self, form):
        """The answer to a code: once, to whoever has the client's secret and the verifier."""
        asked = self.codes.pop(form.get("code"), None)
        if asked is None or form.get("client_secret") != SECRET:
            return 400, {"error": "invalid_grant"}
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce):
        return self.signed({**self.person, "nonce": nonce, "sid": "s-1"}, typ="JWT")

    def logout_token(self, **changes):
        event = {"http://schemas.openid.net/event/backchannel-logout": {}}
        return self.signed(
            {"sid": "s-1", "jti": secrets.token_hex(8), "events": event, **changes}, typ="logout+jwt"
        )

    def signed(self, claims, *, typ):
        now = int(time.time())
        whole = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 120, **claims, **self.wrong}
        said = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": "k-1", "typ": typ})

    def configuration(self):
        places = {name: f"{self.url}/{name}" for name in ("authorize", "token", "keys", "userinfo", "end")}
        return {
            "issuer": self.names_itself,
            "authorization_endpoint": places["authorize"],
            "token_endpoint": places["token"],
            "jwks_uri": places["keys"],
            "userinfo_endpoint": places["userinfo"],
            "end_session_endpoint": places["end"],
        }

    def keys(self):
        known = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [known | {"kid": "k-1", "use": "sig", "alg": "RS256"}]}


def handler(elsewhere):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            pages = {
                "/.well-known/openid-configuration": elsewhere.configuration,
                "/keys": elsewhere.keys,
                "/userinfo": lambda: elsewhere.userinfo,
            }
            self.say(200, pages[self.path]())

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(*elsewhere.token({name: values[0] for name, values in parse_qs(body).items()}))

        def say(self, status, said):
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            """Tests are quiet."""

    return Handler
