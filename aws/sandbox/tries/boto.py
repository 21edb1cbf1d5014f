"""Tries the sandbox with boto3: prints "ok NAME" or "FAILED NAME: why" for each
check. The address and the keys come from the environment, as boto3 reads them."""

import os
import sys
import urllib.error
import urllib.request
import uuid

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-1"
ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
s3 = boto3.client("s3", endpoint_url=ENDPOINT, region_name=REGION)
s3v4 = boto3.client("s3", endpoint_url=ENDPOINT, region_name=REGION, config=Config(signature_version="s3v4"))
bucket = "boto-" + uuid.uuid4().hex
checks = []


def check(name):
    def keep(function):
        checks.append((name, function))
        return function
    return keep


def refusal(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "no refusal"


def want(got, wanted):
    if got != wanted:
        raise AssertionError(f"{got!r}, wanted {wanted!r}")


def send(method, url, data=None, headers=None):
    request = urllib.request.Request(url, data=data, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


@check("create a bucket and wait for it")
def create():
    s3.create_bucket(Bucket=bucket)
    s3.get_waiter("bucket_exists").wait(Bucket=bucket)


@check("write, read, metadata in lower case")
def write():
    s3.put_object(Bucket=bucket, Key="a b/ü+%", Body=b"hello", Metadata={"colour": "red"})
    got = s3.get_object(Bucket=bucket, Key="a b/ü+%")
    want((got["Body"].read(), got["Metadata"]), (b"hello", {"colour": "red"}))
    want([o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]], ["a b/ü+%"])


@check("a page after another")
def pages():
    for i in range(25):
        s3.put_object(Bucket=bucket, Key=f"page/{i:02}", Body=b"x")
    for name in ("list_objects", "list_objects_v2", "list_object_versions"):
        found = s3.get_paginator(name).paginate(Bucket=bucket, Prefix="page/", PaginationConfig={"PageSize": 7})
        want(sum(len(page.get("Contents", page.get("Versions", []))) for page in found), 25)


@check("parts up, down and copied by the transfer manager")
def transfer():
    with open(sys.argv[1], "rb") as file:
        content = file.read()
    s3.upload_file(sys.argv[1], bucket, "large")
    s3.copy({"Bucket": bucket, "Key": "large"}, bucket, "copy")
    want(s3.get_object(Bucket=bucket, Key="copy")["Body"].read() == content, True)


@check("conditions")
def conditions():
    tag = s3.put_object(Bucket=bucket, Key="k", Body=b"x", ChecksumAlgorithm="SHA256")["ETag"]
    want(refusal(s3.get_object, Bucket=bucket, Key="k", IfNoneMatch=tag), "304")
    want(refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"y", IfNoneMatch="*"), "PreconditionFailed")
    want(refusal(s3.get_object, Bucket=bucket, Key="none"), "NoSuchKey")


@check("presigned in both versions of signatures")
def presigned():
    for client in (s3, s3v4):
        url = client.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "signed", "ContentType": "c/d"})
        want(send("PUT", url, b"by url", {"Content-Type": "c/d"})[0], 200)
        url = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "signed", "ResponseContentType": "a/b"})
        status, body, headers = send("GET", url)
        want((status, body, headers["Content-Type"]), (200, b"by url", "a/b"))
        want(send("GET", url.replace("signed", "k"))[0], 403)


def form(client, content, **more):
    """Uploads a presigned form as a browser does, built by the client that boto3 brings along."""
    made = client.generate_presigned_post(bucket, "form/${filename}", **more)
    border, body = uuid.uuid4().hex, b""
    for name, value in made["fields"].items():
        body += f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    body += f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="f.txt"\r\n\r\n'.encode()
    body += content + f"\r\n--{border}--\r\n".encode()
    return send("POST", made["url"], body, {"Content-Type": f"multipart/form-data; boundary={border}"})


@check("presigned forms in both versions of signatures")
def forms():
    for client in (s3, s3v4):
        status, body, headers = form(client, b"by form", Fields={"Content-Type": "a/b", "success_action_status": "201"},
                                     Conditions=[["starts-with", "$Content-Type", "a/"], {"success_action_status": "201"}])
        want((status, b"<Key>form/f.txt</Key>" in body), (201, True))
        got = s3.get_object(Bucket=bucket, Key="form/f.txt")
        want((got["Body"].read(), got["ContentType"], got["ETag"]), (b"by form", "a/b", headers["ETag"]))
        for code, more in {
            b"EntityTooLarge": {"Conditions": [["content-length-range", 1, 3]]},
            b"Extra input fields: acl": {"Fields": {"acl": "private"}},
            b"Policy expired.": {"ExpiresIn": -1},
        }.items():
            status, body, _ = form(client, b"by form", **more)
            want((status in (400, 403), code in body), (True, True))


@check("preflight")
def preflight():
    rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://*.example"]}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
    status, _, headers = send("OPTIONS", f"{ENDPOINT}/{bucket}/k", headers=asked)
    want((status, headers["Access-Control-Allow-Origin"]), (200, "https://a.example"))
    asked["Origin"] = "https://a.other"
    want(send("OPTIONS", f"{ENDPOINT}/{bucket}/k", headers=asked)[0], 403)


@check("a customer's key, once the bucket allows it")
def customer_key():
    key = {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": b"k" * 32}
    want(refusal(s3.put_object, Bucket=bucket, Key="secret", Body=b"x", **key), "AccessDenied")
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [
        {"BlockedEncryptionTypes": {"EncryptionType": ["NONE"]}}]})
    s3.put_object(Bucket=bucket, Key="secret", Body=b"x", **key)
    want(s3.get_object(Bucket=bucket, Key="secret", **key)["Body"].read(), b"x")
    want(refusal(s3.get_object, Bucket=bucket, Key="secret"), "InvalidRequest")


@check("an archive and its way back")
def archive():
    s3.put_object(Bucket=bucket, Key="cold", Body=b"x", StorageClass="GLACIER")
    want(refusal(s3.get_object, Bucket=bucket, Key="cold"), "InvalidObjectState")
    s3.restore_object(Bucket=bucket, Key="cold", RestoreRequest={"Days": 1})
    want(s3.head_object(Bucket=bucket, Key="cold")["Restore"], 'ongoing-request="true"')
    want(refusal(s3.restore_object, Bucket=bucket, Key="k", RestoreRequest={"Days": 1}), "InvalidObjectState")


@check("versions, and all of them deleted at once")
def versions():
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=bucket, Key="v", Body=b"1")["VersionId"]
    s3.put_object(Bucket=bucket, Key="v", Body=b"2")
    s3.delete_object(Bucket=bucket, Key="v")
    want(s3.get_object(Bucket=bucket, Key="v", VersionId=first)["Body"].read(), b"1")
    want(refusal(s3.delete_bucket, Bucket=bucket), "BucketNotEmpty")
    boto3.resource("s3", endpoint_url=ENDPOINT, region_name=REGION).Bucket(bucket).object_versions.delete()
    s3.delete_bucket(Bucket=bucket)
    s3.get_waiter("bucket_not_exists").wait(Bucket=bucket)


failed = 0
for name, function in checks:
    try:
        function()
        print("ok", name)
    except Exception as error:  # whatever it is, the check has failed
        failed += 1
        print(f"FAILED {name}: {error}")
sys.exit(failed > 0)
