"""The measurements' work with AWS's own library: boto3_baseline.py WORK PORT [COUNT]

It prints the figure of one sample: signatures, gets or MiB a second; 'first' makes one request and prints nothing.
"""

import sys
import time

work, port = sys.argv[1], int(sys.argv[2])
count = int(sys.argv[3]) if len(sys.argv) > 3 else 0
KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def client(connections=10, service="s3"):
    import boto3
    from botocore.config import Config

    return boto3.client(
        service, endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id=KEY,
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


def in_threads(call, answer=1):
    """Calls by 64 threads a second, each with the answer."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(call, range(64)))
        start = time.perf_counter()
        assert sum(pool.map(call, range(count))) == answer * count
        return count / (time.perf_counter() - start)


def small_gets():
    s3 = client(64)
    return in_threads(lambda _: len(s3.get_object(Bucket="bucket", Key="1024")["Body"].read()), 1024)


KEYS = {"pk": {"S": "notes"}, "sk": {"S": "1"}}
TEXT = "a heron " * 32


def put_items():
    table = client(64, "dynamodb")

    def put(_):
        table.put_item(TableName="notes", Item={**KEYS, "text": {"S": TEXT}})
        return 1

    return in_threads(put)


def get_items():
    table = client(64, "dynamodb")
    return in_threads(lambda _: "Item" in table.get_item(TableName="notes", Key=KEYS, ConsistentRead=True))


def roundtrips():
    queue = client(64, "sqs")
    url = f"http://127.0.0.1:{port}/123456789012/notes"

    def roundtrip(_):
        queue.send_message(QueueUrl=url, MessageBody=TEXT)
        messages = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=1, VisibilityTimeout=30)["Messages"]
        queue.delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])
        return len(messages)

    return in_threads(roundtrip)


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
    works = {
        "signatures": signatures, "small-gets": small_gets, "large-put": large_put, "dynamodb-put": put_items,
        "dynamodb-get": get_items, "sqs-roundtrip": roundtrips,
    }
    print(works[work]())
