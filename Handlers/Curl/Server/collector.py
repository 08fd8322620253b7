#!/usr/bin/env python3
"""A collector of OTLP over HTTP for tests, which reads with OpenTelemetry's own classes: collector.py FOLDER OWNER_PID

It listens on loopback and writes its port to FOLDER/port once it can be reached. It ends with the process OWNER_PID, and FOLDER
with it. A collector of its own stands below every first part of a path, such as /one/v1/traces:

POST /NAME/v1/traces, /NAME/v1/metrics   takes a request of OTLP; what is malformed is answered with 400
POST /NAME/answers    a JSON list of how the next requests are answered: {"status": 503, "retryAfter": 1, "reject": 2, "hang": true}
GET /NAME/received    all requests that were answered with 200, as JSON: [{"path", "fields", "message"}]
GET /NAME/seen        how many requests came
"""

import http.server
import json
import os
import shutil
import sys
import threading
import time

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

SIGNALS = {
    "v1/traces": (
        trace_service_pb2.ExportTraceServiceRequest,
        trace_service_pb2.ExportTraceServiceResponse,
        "rejected_spans",
    ),
    "v1/metrics": (
        metrics_service_pb2.ExportMetricsServiceRequest,
        metrics_service_pb2.ExportMetricsServiceResponse,
        "rejected_data_points",
    ),
}

lock = threading.Lock()
collectors = {}


class Collector:
    def __init__(self):
        self.answers = []
        self.received = []
        self.seen = 0


class Connection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", fields=()):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def parts(self):
        name, _, path = self.path[1:].partition("/")
        with lock:
            return collectors.setdefault(name, Collector()), path

    def do_GET(self):
        collector, path = self.parts()
        with lock:
            told = collector.received if path == "received" else collector.seen
            body = json.dumps(told).encode()
        self.answer(200, body)

    def do_POST(self):
        collector, path = self.parts()
        body = self.rfile.read(int(self.headers["content-length"]))
        if path == "answers":
            with lock:
                collector.answers = json.loads(body)
            return self.answer(204)
        with lock:
            collector.seen += 1
            wanted = collector.answers.pop(0) if collector.answers else {}
        if wanted.get("hang"):
            time.sleep(30)
        if (status := wanted.get("status", 200)) != 200:
            fields = [("retry-after", str(wanted["retryAfter"]))] if "retryAfter" in wanted else []
            return self.answer(status, fields=fields)
        if path not in SIGNALS or self.headers["content-type"] != "application/x-protobuf":
            return self.answer(404)
        request_type, response_type, rejected = SIGNALS[path]
        request = request_type()
        try:
            request.ParseFromString(body)
        except Exception:
            return self.answer(400)
        # A field that the classes do not know, or that says nothing, shows here.
        request.DiscardUnknownFields()
        canonical = request.SerializeToString()
        taken = {
            "path": path,
            "fields": {name.lower(): value for name, value in self.headers.items()},
            "isExact": len(canonical) == len(body),
            "message": MessageToDict(request, preserving_proto_field_name=True),
        }
        with lock:
            collector.received.append(taken)
        response = response_type()
        if "reject" in wanted:
            setattr(response.partial_success, rejected, wanted["reject"])
            response.partial_success.error_message = "Too much of it."
        self.answer(200, response.SerializeToString())


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


def runs(owner):
    """Whether a process runs: one that nobody has waited for yet does not, though it is there."""
    try:
        with open(f"/proc/{owner}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def watch(owner, folder):
    while runs(owner):
        time.sleep(0.2)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main():
    folder, owner = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    server = Server(("127.0.0.1", 0), Connection)
    threading.Thread(target=watch, args=[owner, folder], daemon=True).start()
    with open(folder + "/port.new", "w") as file:
        file.write(str(server.server_address[1]))
    os.rename(folder + "/port.new", folder + "/port")
    server.serve_forever()


if __name__ == "__main__":
    main()
