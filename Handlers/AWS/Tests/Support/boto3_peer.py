"""Reads every object of a bucket with boto3 and says what it saw; then writes the same keys below 'boto3/'.

    boto3_peer.py BUCKET
"""

import hashlib
import io
import json
import sys

import boto3
from boto3.s3.transfer import TransferConfig

bucket = sys.argv[1]
client = boto3.client("s3")
seen = {}
keys = [entry["Key"] for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 3})
        for entry in page.get("Contents", [])]
for key in keys:
    answer = client.get_object(Bucket=bucket, Key=key)
    body = answer["Body"].read()
    if key == "large":
        seen[key] = hashlib.sha256(body).hexdigest()
        config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
        client.upload_fileobj(io.BytesIO(body[::-1]), bucket, "boto3/large", Config=config)
        seen["boto3/large"] = hashlib.sha256(body[::-1]).hexdigest()
        continue
    number = answer["Metadata"]["number"]
    seen[key] = f"{body.decode()} {answer['ContentType']} {number}"
    client.put_object(Bucket=bucket, Key=f"boto3/{key}", Body=f"by boto3 {number}".encode(), Metadata={"number": number})
print(json.dumps(seen))
