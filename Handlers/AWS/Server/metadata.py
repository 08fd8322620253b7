"""The services on a machine that hand out credentials, as AWS's user guides describe them.

    metadata.py PORT

Version 2 of the instance metadata service, which refuses a request without a token, and a container's agent at
/credentials, which wants 'the-agent-token'.
"""

import datetime
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "the-metadata-token"
ROLES = "/latest/meta-data/iam/security-credentials/"


def credentials(name):
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=6)
    return json.dumps({
        "Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": f"ASIA{name.upper()}",
        "SecretAccessKey": f"secret/of {name}", "Token": f"token+of={name}",
        "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"), "LastUpdated": "2026-01-01T00:00:00Z",
    })


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text=""):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        seconds = self.headers.get("x-aws-ec2-metadata-token-ttl-seconds", "")
        if self.path != "/latest/api/token" or not seconds.isdigit() or not 1 <= int(seconds) <= 21600:
            return self.answer(400)
        self.answer(200, TOKEN)

    def do_GET(self):
        if self.path == "/ready":
            return self.answer(200, "ready")
        if self.path.startswith("/credentials"):
            if self.headers.get("Authorization") != "the-agent-token":
                return self.answer(401)
            return self.answer(200, credentials("container"))
        if self.headers.get("x-aws-ec2-metadata-token") != TOKEN:
            return self.answer(401)
        if self.path == ROLES:
            return self.answer(200, "web-role\n")
        if self.path == ROLES + "web-role":
            return self.answer(200, credentials("instance"))
        self.answer(404)

    def log_message(self, *arguments):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
