"""Makes one call of AWS with its execution role, as the event says; answers what came of it."""

import boto3
from botocore.exceptions import ClientError


def handler(event, context):
    client = boto3.client(event["service"])
    try:
        answer = getattr(client, event["call"])(**event["parameters"])
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return {"refused": error.response["Error"], "status": status}
    answer.pop("ResponseMetadata")
    return {"answer": str(answer), "arn": answer.get("Arn")}
