#!/usr/bin/env python3
"""A server of HTTP/1.1 for tests, with the routes of the laws and with faults: server.py FOLDER OWNER_PID [--nginx]

It listens on loopback and writes FOLDER/ports.json once it can be reached: its own port ('direct'), and with '--nginx' the
ports of an nginx before it ('plain', 'tls'; its routes are below '/law/') and that server's authority ('authority'). It ends
with the process OWNER_PID, and FOLDER with it.
"""

import argparse
import base64
import gzip
import json
import os
import select
import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time

notes = {}
releases = {}
connections = 0
lock = threading.Lock()


def pattern(count, offset=0):
    """The bytes of a body: each is its place modulo 251."""
    block = bytes(range(251))
    start = offset % 251
    return (block[start:] + block * (count // 251 + 1))[:count]


class Broken(Exception):
    """The connection is to be ended as it is."""


class Exchange:
    """A request whose head was read, and what answers it."""

    def __init__(self, connection, method, target, fields):
        self.connection, self.method, self.target, self.fields = connection, method, target, fields
        self.is_read = False

    def field(self, name):
        return next((value for given, value in self.fields if given.lower() == name), None)

    def body(self):
        """The chunks of the request's body."""
        reader = self.connection.rfile
        if (self.field("transfer-encoding") or "").lower() == "chunked":
            while True:
                line = reader.readline()
                if not line:
                    raise Broken
                size = int(line, 16)
                chunk = reader.read(size)
                reader.readline()
                if size == 0:
                    break
                yield chunk
        else:
            left = int(self.field("content-length") or 0)
            while left:
                chunk = reader.read(min(left, 65536))
                if not chunk:
                    raise Broken
                left -= len(chunk)
                yield chunk
        self.is_read = True

    def skip(self):
        if not self.is_read:
            for _ in self.body():
                pass

    def head(self, status, *fields):
        fields = (*fields, ("x-connection", self.connection.number))
        lines = [f"HTTP/1.1 {status} Law"] + [f"{name}: {value}" for name, value in fields]
        self.raw(("\r\n".join(lines) + "\r\n\r\n").encode())

    def raw(self, data):
        self.connection.wfile.write(data)

    def answer(self, status, body=b"", *fields):
        self.skip()
        self.head(status, ("content-length", len(body)), *fields)
        if self.method != "HEAD":
            self.raw(body)

    def chunked(self, chunks, *fields, trailers=()):
        self.head(200, ("transfer-encoding", "chunked"), *fields)
        for chunk in chunks:
            self.raw(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        self.raw(b"0\r\n" + b"".join(b"%s: %s\r\n" % trailer for trailer in trailers) + b"\r\n")

    def reset(self):
        self.connection.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Broken


# The routes of the laws, and those of faults behind them.

def route_bytes(exchange, count):
    count = int(count)
    exchange.skip()
    exchange.head(200, ("content-length", count))
    if exchange.method != "HEAD":
        for offset in range(0, count, 1 << 20):
            exchange.raw(pattern(min(1 << 20, count - offset), offset))


def route_stream(exchange, count):
    count = int(count)
    exchange.skip()
    exchange.chunked(pattern(min(50_000, count - offset), offset) for offset in range(0, count, 50_000))


def route_echo(exchange, *_):
    length = exchange.field("content-length") or exchange.field("transfer-encoding") or "none"
    body = b"".join(exchange.body())
    kept = [(name, value) for name, value in exchange.fields if name.lower().startswith("x-law-")]
    exchange.answer(200, body, ("x-method", exchange.method), ("x-target", exchange.target), ("x-length", length), *kept)


def route_names(exchange, *_):
    exchange.answer(200, "\n".join(name.lower() for name, _ in exchange.fields).encode())


def route_count(exchange, *_):
    total = sum(len(chunk) for chunk in exchange.body())
    exchange.answer(200, str(total).encode())


def route_status(exchange, status):
    exchange.skip()
    if status in ("204", "304"):
        exchange.head(int(status))
    else:
        exchange.answer(int(status), b"status", ("retry-after", "7"))


def route_redirect(exchange, *_):
    exchange.answer(302, b"", ("location", "/bytes/1"))


def route_break(exchange, count):
    exchange.skip()
    exchange.head(200, ("content-length", int(count) * 2))
    exchange.raw(pattern(int(count)))
    raise Broken


def route_hang(exchange, name):
    exchange.skip()
    with lock:
        notes[name] = notes.get(name, 0) + 1
    time.sleep(30)
    raise Broken


def route_fields(exchange, count):
    count = int(count)
    exchange.answer(200, b"", *[(f"x-{number}", "a" * 1000) for number in range(count // 1000)])


def route_note(exchange, name):
    exchange.skip()
    with lock:
        notes[name] = notes.get(name, 0) + 1
    exchange.answer(200, b"")


def route_noted(exchange, name):
    with lock:
        count = notes.get(name, 0)
    exchange.answer(200, str(count).encode())


def route_refuse(exchange, *_):
    exchange.head(413, ("content-length", 7), ("connection", "close"))
    exchange.raw(b"refused")
    # What still comes is read for a moment, as servers do: an end at once would reset the answer.
    exchange.connection.request.shutdown(socket.SHUT_WR)
    exchange.connection.request.settimeout(1)
    try:
        while exchange.connection.request.recv(65536):
            pass
    except OSError:
        pass
    raise Broken


def route_refuse_slowly(exchange, *_):
    """The refusal's body comes later than its head."""
    exchange.head(413, ("content-length", 7), ("connection", "close"))
    time.sleep(0.3)
    exchange.raw(b"refused")
    exchange.connection.request.shutdown(socket.SHUT_WR)
    exchange.connection.request.settimeout(1)
    try:
        while exchange.connection.request.recv(65536):
            pass
    except OSError:
        pass
    raise Broken


def released(name):
    with lock:
        return releases.setdefault(name, threading.Event())


def route_hold(exchange, name):
    """The answer waits until 'release' is asked for under the same name."""
    exchange.skip()
    with lock:
        notes[name] = notes.get(name, 0) + 1
    if not released(name).wait(60):
        raise Broken
    exchange.answer(200, b"rested")


def route_release(exchange, name):
    exchange.skip()
    released(name).set()
    exchange.answer(200, b"")


def route_break_chunked(exchange, *_):
    exchange.head(200, ("transfer-encoding", "chunked"))
    exchange.raw(b"%x\r\n%s\r\n" % (1000, pattern(1000)))
    raise Broken


def route_trailers(exchange, *_):
    exchange.skip()
    exchange.chunked([b"body"], trailers=[(b"x-late", b"yes")])


def route_drip(exchange, count):
    exchange.skip()
    exchange.head(200, ("content-length", int(count)))
    for offset in range(int(count)):
        exchange.raw(pattern(1, offset))
        time.sleep(0.05)


def route_stall(exchange, count):
    exchange.skip()
    exchange.head(200, ("content-length", int(count) * 2))
    exchange.raw(pattern(int(count)))
    time.sleep(30)
    raise Broken


def route_reset(exchange, count):
    taken = 0
    for chunk in exchange.body():
        taken += len(chunk)
        if taken >= int(count):
            exchange.reset()
    exchange.reset()


def route_note_and_die(exchange, name):
    """The request has its effect, and the answer never comes."""
    exchange.skip()
    with lock:
        notes[name] = notes.get(name, 0) + 1
    raise Broken


def route_gzip(exchange, count):
    exchange.answer(200, gzip.compress(pattern(int(count))), ("content-encoding", "gzip"))


def route_bomb(exchange, mebibytes):
    exchange.answer(200, gzip.compress(b"\0" * (int(mebibytes) << 20)), ("content-encoding", "gzip"))


def route_bad_gzip(exchange, *_):
    exchange.answer(200, b"this is not gzip at all", ("content-encoding", "gzip"))


def route_noise(exchange, *_):
    exchange.raw(b"\0\1\2 this is not HTTP\r\n\r\n")
    raise Broken


def route_endless_fields(exchange, *_):
    exchange.raw(b"HTTP/1.1 200 Law\r\n")
    while True:
        exchange.raw(b"x-a: " + b"a" * 1000 + b"\r\n")


def route_informed(exchange, *_):
    exchange.raw(b"HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n")
    exchange.answer(200, b"late")


def route_until_close(exchange, count):
    exchange.raw(b"HTTP/1.0 200 Law\r\nx-old: yes\r\n\r\n" + pattern(int(count)))
    raise Broken


ROUTES = {name[len("route_"):].replace("_", "-"): route for name, route in globals().items() if name.startswith("route_")}


class Connection(socketserver.StreamRequestHandler):
    rbufsize = 1 << 16

    def setup(self):
        super().setup()
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def handle(self):
        global connections
        with lock:
            connections += 1
            self.number = connections
        try:
            while self.exchange():
                pass
        except (Broken, OSError):
            pass

    def exchange(self):
        line = self.rfile.readline()
        if not line:
            return False
        method, target, _ = line.decode().split(" ")
        fields = []
        while (line := self.rfile.readline().decode("latin-1").rstrip("\r\n")):
            name, _, value = line.partition(":")
            fields.append((name, value.strip()))
        if method == "CONNECT":
            return self.tunnel(target, dict((name.lower(), value) for name, value in fields))
        if target.startswith("http://"):
            # As a proxy it answers itself, and says so.
            target = "/" + target.split("/", 3)[3]
            fields.append(("x-law-proxied", "yes"))
        # nginx hands the path on as it is.
        target = target.removeprefix("/law") or "/"
        parts = target.split("?")[0].split("/")[1:]
        exchange = Exchange(self, method, target, fields)
        route = ROUTES.get(parts[0])
        if route:
            route(exchange, *parts[1:])
        else:
            exchange.answer(404, b"no such route")
        return (exchange.field("connection") or "").lower() != "close"


    def tunnel(self, target, fields):
        """As a proxy that asks for credentials it joins two connections until one of them ends."""
        if fields.get("proxy-authorization") != "Basic " + base64.b64encode(b"user:the%40pass:word").decode():
            self.wfile.write(b"HTTP/1.1 407 Law\r\nproxy-authenticate: Basic realm=law\r\ncontent-length: 0\r\n\r\n")
            return False
        host, port = target.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as other:
            self.wfile.write(b"HTTP/1.1 200 Law\r\n\r\n")
            while True:
                for source in select.select([self.request, other], [], [])[0]:
                    data = source.recv(65536)
                    if not data:
                        return False
                    (other if source is self.request else self.request).sendall(data)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_nginx(folder, upstream):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nginx.sh")
    # Somebody else may take a port before nginx does: then it ends, and others are tried.
    for _ in range(5):
        ports = free_port(), free_port()
        process = subprocess.Popen([script, folder, *map(str, ports), str(upstream)], stdin=subprocess.DEVNULL)
        while process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", ports[1]), 1).close()
                return process, {"plain": ports[0], "tls": ports[1], "authority": os.path.join(folder, "ca.pem")}
            except OSError:
                time.sleep(0.02)
    raise SystemExit(f"nginx ended with {process.returncode}")


def runs(owner):
    """Whether a process runs: one that nobody has waited for yet does not, though it is there."""
    try:
        with open(f"/proc/{owner}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def watch(owner, folder, nginx):
    while runs(owner):
        time.sleep(0.2)
    if nginx:
        nginx.terminate()
        nginx.wait()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("owner", type=int)
    parser.add_argument("--nginx", action="store_true")
    given = parser.parse_args()
    folder = os.path.abspath(given.folder)
    os.makedirs(folder, exist_ok=True)
    server = Server(("127.0.0.1", 0), Connection)
    ports = {"direct": server.server_address[1]}
    nginx = None
    if given.nginx:
        nginx, others = start_nginx(folder, ports["direct"])
        ports |= others
    threading.Thread(target=watch, args=[given.owner, folder, nginx], daemon=True).start()
    with open(folder + "/ports.new", "w") as file:
        json.dump(ports, file)
    os.rename(folder + "/ports.new", folder + "/ports.json")
    server.serve_forever()


if __name__ == "__main__":
    main()
