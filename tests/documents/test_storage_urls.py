"""`STORAGE_URL`, as the settings read it, and what pages may then reach."""

import boto3
import pytest
from botocore.config import Config
from django.core.exceptions import ImproperlyConfigured

from documents.storage_urls import Bucket


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("s3://a:b@permis?endpoint=https://s3.example.fr&region=fr-par", "https://s3.example.fr"),
        ("s3://a:b@permis?endpoint=https://s3.example.fr&region=fr-par&style=virtual", "https://permis.s3.example.fr"),
        ("s3://a:b@permis?endpoint=http://10.0.0.5:9000&region=x&style=virtual", "http://10.0.0.5:9000"),
        ("s3://a:b@permis?region=eu-west-3", "https://permis.s3.eu-west-3.amazonaws.com"),
        ("s3://a:b@permis?region=eu-west-3&style=path", "https://s3.eu-west-3.amazonaws.com"),
    ],
)
def test_pages_may_reach_the_host_of_the_bucket_and_no_other(url, origin):
    bucket = Bucket.of(url)
    assert bucket.origins == [origin]
    options = bucket.as_setting()["OPTIONS"]
    client = boto3.client(
        "s3",
        endpoint_url=options["endpoint_url"],
        region_name=options["region_name"],
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(signature_version="s3v4", s3={"addressing_style": options["addressing_style"]}),
    )
    address = client.generate_presigned_url("get_object", Params={"Bucket": "permis", "Key": "k"})
    client.close()
    assert address.startswith(f"{origin}/")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://s3.example.fr/permis", "doit s’écrire s3://"),
        ("s3://a:b@permis?endpoint=s3.example.fr", "doit commencer par https://"),
        ("s3://a:b@permis?styel=path", "option inconnue styel"),
        ("s3://a:b@permis?style=auto", "« style » vaut path ou virtual"),
        ("s3://a:b@permis?acl=public", "« acl » vaut private ou none"),
        ("s3://a:b@permis?lock=ten", "« lock » est un nombre entier"),
        ("s3://a:b@permis?timeout=0", "« timeout » est un nombre entier, 1 au moins"),
    ],
)
def test_an_address_that_would_be_misread_is_refused(url, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        Bucket.of(url)


def test_the_secret_is_not_shown_by_an_error():
    assert "hidden" not in repr(Bucket.of("s3://key:hidden@permis?endpoint=https://s3.example.fr"))
