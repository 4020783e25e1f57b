# SPDX-License-Identifier: Apache-2.0
"""What CADLens calls in the tests: a webhook receiver, a DNS server."""
import base64
import hashlib
import hmac
import http.server
import json
import socket
import socketserver
import ssl
import struct
import threading
import time


class Receiver:
    """Takes webhooks on a free loopback port. `answers` are given one by one, (status, headers), then 200.
    `tls`: files of certificate and key."""

    def __init__(self, port=0, tls=None):
        self.requests, self.answers, self.lock = [], [], threading.Lock()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with owner.lock:
                    owner.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                    status, headers = owner.answers.pop(0) if owner.answers else (200, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.scheme = "https" if tls else "http"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path="/hook", host="127.0.0.1"):
        return f"{self.scheme}://{host}:{self.port}{path}"

    def events(self):
        with self.lock:
            return [(path, headers, body, json.loads(body)) for path, headers, body in self.requests]

    def wait(self, count, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if len(self.requests) >= count:
                return self.events()
            time.sleep(0.02)
        raise AssertionError(f"{len(self.requests)} of {count} webhooks came")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def check_signatures(secret, headers, body):
    """Both forms, computed here from their descriptions."""
    plain = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-cadlens-signature"] == "sha256=" + plain
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    good = "v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    assert good in headers["webhook-signature"].split(" ")
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 300


class NameServer:
    """DNS over UDP on loopback: name -> list of addresses, or a function that gives one."""

    def __init__(self, names):
        self.names, self.asked = names, []
        owner = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                query, sock = self.request
                answer = owner.answer(query)
                if answer:
                    sock.sendto(answer, self.client_address)

        self.server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def answer(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        kind = struct.unpack("!H", query[at + 1:at + 3])[0]
        name = ".".join(labels).lower()
        self.asked.append((name, kind))
        found = self.names.get(name)
        addresses = found(self) if callable(found) else found
        records = []
        for address in addresses or []:
            six = ":" in address
            if kind == (28 if six else 1):
                packed = socket.inet_pton(socket.AF_INET6 if six else socket.AF_INET, address)
                records.append(b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(packed)) + packed)
        code = 0 if addresses is not None else 3
        return (query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(records), 0, 0) + query[12:at + 5] +
                b"".join(records))

    def close(self):
        self.server.shutdown()
        self.server.server_close()
