"""The measurements' work with AWS's own library: boto3_baseline.py WORK PORT [COUNT]

It prints the figure of one sample: signatures, gets or MiB a second; 'first' makes one request and prints nothing.
"""

import sys
import time

work, port = sys.argv[1], int(sys.argv[2])
count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def client(connections=10):
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        config=Config(max_pool_connections=connections, s3={"addressing_style": "path"}),
    )


def signatures():
    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    signer = S3SigV4Auth(Credentials(KEY, SECRET), "s3", "us-east-1")
    url = f"http://127.0.0.1:{port}/bucket/notes/2026/a%20key"
    start = time.perf_counter()
    for _ in range(count):
        signer.add_auth(AWSRequest(method="GET", url=url, headers={"range": "bytes=0-1023"}))
    return count / (time.perf_counter() - start)


def small_gets():
    from concurrent.futures import ThreadPoolExecutor

    s3 = client(64)

    def get(_):
        return len(s3.get_object(Bucket="bucket", Key="1024")["Body"].read())

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(get, range(64)))
        start = time.perf_counter()
        assert sum(pool.map(get, range(count))) == 1024 * count
        return count / (time.perf_counter() - start)


def large_put():
    import io

    s3 = client()
    body = bytes(64 << 20)
    start = time.perf_counter()
    s3.upload_fileobj(io.BytesIO(body), "bucket", "large")
    return 64 / (time.perf_counter() - start)


if work == "first":
    client().get_object(Bucket="bucket", Key="1024")["Body"].read()
else:
    print({"signatures": signatures, "small-gets": small_gets, "large-put": large_put}[work]())
