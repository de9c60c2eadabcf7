"""A server of databases on loopback, for tests: answer-server.py DIRECTORY PORT-FILE

It answers with files of the directory, and notes each request in the file `requests` there: its path and its
User-Agent. A path is looked for in the lines of the file `rules`, which is read again for each request:

    WORD BEHAVIOUR

The first rule whose word the path contains counts. Behaviours: a file's name (sent with 200), and

    404         404 with a page in HTML
    410, 503    that status, without a body
    page        200 with a page in HTML
    cut:FILE    half of the file, with the length of the whole
    part:FILE   half of the file, as if it were all
    hang        nothing, until the client has gone
    drip        a byte now and then
    endless     more bytes than anybody wants
    loop        a redirect to the same address
    file        a redirect to a file of this machine
    to:PATH     a redirect to a path of this server
    drop        the connection is closed without a word

Where no rule fits, the answer is 404. It listens on 127.0.0.1 alone, and ends with its standard input.
"""

import http.server
import os
import pathlib
import sys
import threading
import time

folder = pathlib.Path(sys.argv[1])
page = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>Nothing</body></html>\n"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def behaviour(self):
        try:
            rules = (folder / "rules").read_text().splitlines()
        except FileNotFoundError:
            return "404"
        for rule in rules:
            word, _, behaviour = rule.partition(" ")
            if word and word in self.path:
                return behaviour
        return "404"

    def answer(self, status, body, length=None, location=None):
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        with (folder / "requests").open("a") as requests:
            requests.write(f"{self.path}\t{self.headers.get('User-Agent')}\n")
        behaviour = self.behaviour()
        kind, _, name = behaviour.partition(":")
        try:
            if behaviour == "404":
                self.answer(404, page)
            elif behaviour in ("410", "503"):
                self.answer(int(behaviour), b"")
            elif behaviour == "page":
                self.answer(200, page)
            elif kind == "cut":
                body = (folder / name).read_bytes()
                self.answer(200, body[: len(body) // 2], length=len(body))
            elif kind == "part":
                body = (folder / name).read_bytes()
                self.answer(200, body[: len(body) // 2])
            elif behaviour == "hang":
                time.sleep(30)
            elif behaviour == "drip":
                self.send_response(200)
                self.end_headers()
                for _ in range(300):
                    self.wfile.write(b"\0")
                    self.wfile.flush()
                    time.sleep(0.1)
            elif behaviour == "endless":
                self.send_response(200)
                self.end_headers()
                for _ in range(2000):
                    self.wfile.write(bytes(1 << 20))
            elif behaviour == "loop":
                self.answer(302, b"", location=self.path)
            elif behaviour == "file":
                self.answer(302, b"", location="file:///etc/hostname")
            elif kind == "to":
                self.answer(302, b"", location=name)
            elif behaviour == "drop":
                pass
            else:
                self.answer(200, (folder / behaviour).read_bytes())
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
port = pathlib.Path(sys.argv[2])
beside = port.with_suffix(".new")
beside.write_text(str(server.server_address[1]))
beside.rename(port)
# Whoever started it holds the other end.
sys.stdin.read()
os._exit(0)
