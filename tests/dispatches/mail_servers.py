"""A mail server and a mailbox as they stand elsewhere, on loopback: each knows its protocol and nothing of ours."""

import re
import socketserver
import threading
from dataclasses import dataclass, field


class Listening(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def close(self):
        self.shutdown()
        self.server_close()


@dataclass
class Taken:
    """A mail as the server took it, and what was said around it."""

    sender: str
    receiver: str
    raw: bytes


@dataclass
class MailServer:
    """Takes mails (SMTP with DSN), or answers with what it is told to."""

    taken: list[Taken] = field(default_factory=list)
    # What it says to RCPT; empty is yes.
    says: str = ""
    knows_dsn: bool = True

    def __post_init__(self):
        this = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                this.converse(self)

        self.listening = Listening(Handler)

    def converse(self, wire):
        def say(line):
            wire.wfile.write(f"{line}\r\n".encode())

        say("220 xa")
        sender = receiver = ""
        while line := wire.rfile.readline().decode().strip():
            match line[:4].upper():
                case "EHLO":
                    say("250-xa\r\n250 DSN" if self.knows_dsn else "250 xa")
                case "MAIL":
                    sender = line
                    say("250 ok")
                case "RCPT":
                    receiver = line
                    say(self.says or "250 ok")
                case "DATA":
                    say("354 go")
                    lines = iter(wire.rfile.readline, b".\r\n")
                    self.taken.append(
                        Taken(
                            sender,
                            receiver,
                            b"".join(one.removeprefix(b".") if one[:2] == b".." else one for one in lines),
                        )
                    )
                    say("250 taken")
                case "QUIT":
                    say("221 bye")
                    return
                case _:
                    say("250 ok")

    def close(self):
        self.listening.close()


@dataclass
class Mailbox:
    """Keeps mails (IMAP): who knows the password asks for unseen ones, reads them and marks them."""

    mails: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def __post_init__(self):
        this = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                this.converse(self)

        self.listening = Listening(Handler)

    def converse(self, wire):
        wire.wfile.write(b"* OK IMAP4rev1\r\n")
        while line := wire.rfile.readline().rstrip(b"\r\n"):
            tag, _space, asked = line.partition(b" ")
            is_in = not asked.upper().startswith(b"LOGIN") or b'"mat-khau"' in asked
            wire.wfile.write(self.answer(asked) + tag + (b" OK done\r\n" if is_in else b" NO wrong\r\n"))
            if asked.upper().startswith(b"LOGOUT"):
                return

    def answer(self, asked):
        """What it says before it says that it is done."""
        number = int((re.search(rb"UID \w+ (\d+)", asked) or [0, 0])[1])
        match asked.upper().split()[:2]:
            case [b"CAPABILITY", *_]:
                return b"* CAPABILITY IMAP4rev1\r\n"
            case [b"SELECT", *_]:
                return b"* %d EXISTS\r\n" % len(self.mails)
            case [b"UID", b"SEARCH"]:
                unseen = [b"%d" % one for one in range(1, len(self.mails) + 1) if one not in self.seen]
                return b"* SEARCH %s\r\n" % b" ".join(unseen)
            case [b"UID", b"FETCH"]:
                mail = self.mails[number - 1][: int(re.search(rb"<0\.(\d+)>", asked)[1])]
                return b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n" % (number, number, len(mail), mail)
            case [b"UID", b"STORE"]:
                self.seen.add(number)
        return b""

    def close(self):
        self.listening.close()
