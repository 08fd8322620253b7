"""Writes signatures.json: requests as botocore signs them. Run it with botocore installed; the file is checked in.

The requests are those of AWS's published suite for Signature Version 4 (get-… and post-…, by their names there), and more of
paths that are encoded and of S3.
"""

import datetime
import json
import pathlib
from urllib.parse import urlsplit

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS_KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/"
MOMENT = datetime.datetime(2015, 8, 30, 12, 36, 0)
HOST = "example.amazonaws.com"
UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# name, service, method, path and query as they are sent, headers, body
CASES = [
    ("get-vanilla", "service", "GET", "/", [], ""),
    ("get-vanilla-query", "service", "GET", "/", [], ""),
    ("get-vanilla-query-order-key-case", "service", "GET", "/?Param2=value2&Param1=value1", [], ""),
    ("get-vanilla-query-order-key", "service", "GET", "/?Param1=value2&Param1=Value1", [], ""),
    ("get-vanilla-query-order-value", "service", "GET", "/?Param1=value2&Param1=value1", [], ""),
    ("get-vanilla-empty-query-key", "service", "GET", "/?Param1=value1", [], ""),
    ("get-vanilla-query-unreserved", "service", "GET", f"/?{UNRESERVED}={UNRESERVED}", [], ""),
    ("get-vanilla-utf8-query", "service", "GET", "/?%E1%88%B4=bar", [], ""),
    ("encoded-utf8", "service", "GET", "/%E1%88%B4", [], ""),
    ("get-unreserved", "service", "GET", f"/{UNRESERVED}", [], ""),
    ("encoded-space", "service", "GET", "/example%20space/", [], ""),
    ("get-relative", "service", "GET", "/example/..", [], ""),
    ("get-relative-relative", "service", "GET", "/example1/example2/../..", [], ""),
    ("get-slash", "service", "GET", "//", [], ""),
    ("get-slash-dot-slash", "service", "GET", "/./", [], ""),
    ("get-slash-pointless-dot", "service", "GET", "/./example", [], ""),
    ("get-slashes", "service", "GET", "//example//", [], ""),
    ("get-header-key-duplicate", "service", "GET", "/", [("My-Header1", "value2"), ("My-Header1", "value2"),
                                                         ("My-Header1", "value1")], ""),
    ("get-header-value-order", "service", "GET", "/", [("My-Header1", "value4"), ("My-Header1", "value1"),
                                                       ("My-Header1", "value3"), ("My-Header1", "value2")], ""),
    ("get-header-value-trim", "service", "GET", "/", [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")], ""),
    ("post-vanilla", "service", "POST", "/", [], ""),
    ("post-vanilla-query", "service", "POST", "/?Param1=value1", [], ""),
    ("post-header-key-case", "service", "POST", "/", [], ""),
    ("post-header-key-sort", "service", "POST", "/", [("My-Header1", "value1")], ""),
    ("post-header-value-case", "service", "POST", "/", [("My-Header1", "VALUE1")], ""),
    ("post-x-www-form-urlencoded", "service", "POST", "/",
     [("Content-Type", "application/x-www-form-urlencoded")], "Param1=value1"),
    ("post-x-www-form-urlencoded-parameters", "service", "POST", "/",
     [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")], "Param1=value1"),
    ("post-sts-header", "service", "POST", "/", [("token", TOKEN)], ""),
    ("s3-key-with-everything", "s3", "GET", "/bucket/a%2Bb%20%25//c/../%F0%9F%91%A9/.", [("Range", "bytes=0-9")], ""),
    ("s3-list", "s3", "GET", "/bucket/?list-type=2&prefix=a%2Bb%20%2F&encoding-type=url&max-keys=7", [], ""),
    ("s3-uploads", "s3", "POST", "/bucket/key?uploads", [("x-amz-meta-a", "1"), ("x-amz-meta-b", "a  b")], ""),
    ("s3-put", "s3", "PUT", "/bucket/key", [("Content-Type", "text/plain"), ("If-None-Match", "*")], "Hello"),
    ("s3-token", "s3", "DELETE", "/bucket/key?versionId=a%2Fb", [("token", TOKEN)], ""),
]


def sign(name, service, method, target, headers, body):
    token = dict(headers).get("token")
    headers = [(key, value) for key, value in headers if key != "token"]
    request = AWSRequest(method=method, url=f"https://{HOST}{target}", data=body.encode())
    for key, value in headers:
        request.headers.add_header(key, value)
    kind = auth.S3SigV4Auth if service == "s3" else auth.SigV4Auth
    signer = kind(Credentials(ACCESS_KEY, SECRET, token), service, "us-east-1")
    request.context["timestamp"] = MOMENT.strftime("%Y%m%dT%H%M%SZ")
    signer._modify_request_before_signing(request)
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    return {"name": name, "service": service, "method": method, "target": target, "headers": headers, "token": token or "",
            "body": body, "canonical": canonical, "signature": signature}


def presign(target, seconds, token):
    request = AWSRequest(method="GET", url=f"https://{HOST}{target}")
    signer = auth.S3SigV4QueryAuth(Credentials(ACCESS_KEY, SECRET, token), "s3", "us-east-1", expires=seconds)
    request.context["timestamp"] = MOMENT.strftime("%Y%m%dT%H%M%SZ")
    signer._modify_request_before_signing(request)
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    return {"target": target, "seconds": seconds, "token": token or "", "signature": signature,
            "query": urlsplit(request.url).query}


vectors = {
    "cases": [sign(*case) for case in CASES],
    "presigned": [presign("/bucket/a%2Bb%20c", 60, None), presign("/bucket/key", 604800, TOKEN)],
}
pathlib.Path(__file__).with_name("signatures.json").write_text(json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")
