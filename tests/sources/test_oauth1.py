"""OAuth 1.0a signatures: the RFC's own examples, and two other implementations as judges."""

import httpx
import oauthlib.oauth1
import pytest
from oauthlib.oauth1.rfc5849 import signature as judge

from cersgroups.sources.oauth1 import OAuth1, base_string, escaped, signature
from tests.sources.oneroster_oauth import SignedRequests

SECRET = "kd94hf93k423kf44"  # noqa: S105 - the RFC's
URLS = [
    "https://district.example/ims/oneroster/v1p1/users?limit=100&offset=200",
    "https://district.example:8443/ims/oneroster/v1p1/users?filter=role%3D%27student%27&fields=a,b",
    "https://District.Example:443/a%20b/%C3%A9?x=%20+%2B&x=1&X=&y",
    "http://127.0.0.1:80/users?name=Garc%C3%ADa&empty=&a=%7E~-._",
    "https://district.example",
]


def test_the_base_string_is_that_of_the_rfc() -> None:
    parameters = [
        ("c2", ""),
        ("a3", "2 q"),
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
    ]
    found = base_string("post", "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b", parameters)
    assert found == (
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26"
        "c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26"
        "oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
    )


def test_the_signature_is_that_of_the_rfc() -> None:
    parameters = [
        ("oauth_consumer_key", "dpf43f3p2l4k3l03"),
        ("oauth_token", "nnch734d00sl2jdk"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131202"),
        ("oauth_nonce", "chapoH"),
    ]
    base = base_string("GET", "http://photos.example.net/photos?file=vacation.jpg&size=original", parameters)
    assert escaped(signature(base, SECRET, "HMAC-SHA1", "pfkkdhi9sl3r4s00")) == "MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"


def sent(url: str, method: str, client_id: str, secret: str) -> tuple[str, str]:
    """The address and the Authorization header of a request as it would be sent."""
    request = next(OAuth1(client_id, secret, method).auth_flow(httpx.Request("GET", url)))
    return str(request.url), request.headers["Authorization"]


@pytest.mark.parametrize("method", ["HMAC-SHA1", "HMAC-SHA256"])
@pytest.mark.parametrize("url", URLS)
def test_oauthlib_signs_alike(url: str, method: str) -> None:
    for client_id, secret in (("key", SECRET), ("k ü&=", "s3cret/+&=%- é")):
        address, header = sent(url, method, client_id, secret)
        told = dict(judge.collect_parameters(headers={"Authorization": header}, exclude_oauth_signature=False))
        client = oauthlib.oauth1.Client(
            client_id,
            secret,
            signature_method=method,
            nonce=told["oauth_nonce"],
            timestamp=told["oauth_timestamp"],
        )
        _, headers, _ = client.sign(address)
        theirs = dict(judge.collect_parameters(headers=headers, exclude_oauth_signature=False))
        assert told == theirs


@pytest.mark.parametrize("method", ["HMAC-SHA1", "HMAC-SHA256"])
@pytest.mark.parametrize("url", URLS)
def test_authlib_allows_the_request_once_and_none_that_was_changed(url: str, method: str) -> None:
    address, header = sent(url, method, "key", SECRET)
    assert not SignedRequests("key", "another secret", method).allow("GET", address, header)
    assert not SignedRequests("key", SECRET, method).allow("GET", address + "&more=1", header)
    judge_of_all = SignedRequests("key", SECRET, method)
    assert judge_of_all.allow("GET", address, header)
    assert not judge_of_all.allow("GET", address, header)


def test_no_two_requests_are_signed_alike_and_the_secret_is_in_none() -> None:
    headers = {sent(URLS[0], "HMAC-SHA256", "key", SECRET)[1] for _ in range(20)}
    assert len(headers) == 20
    assert all(SECRET not in header for header in headers)
