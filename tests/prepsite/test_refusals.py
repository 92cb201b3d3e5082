"""What cannot be read is refused with a page of the site's own, whatever part of the request is broken."""

import http.client
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db(transaction=True)
FORM = "application/x-www-form-urlencoded"


def send(base: str, path: str, body: bytes, content_type: str) -> tuple[http.client.HTTPResponse, str]:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    token = "x" * 32
    connection.request("POST", path, body, {"Content-Type": content_type, "Cookie": f"csrftoken={token}"})
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    return response, page


@pytest.mark.parametrize("name", ["account_login", "account_signup", "accounts:settings", "admin:index"])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(b"a=b", f"{FORM}; charset=latin-1", id="another encoding"),
        pytest.param(b"a=b", f"{FORM}; charset=utf-16", id="an encoding of two bytes"),
        pytest.param(b"a=" + b"x" * 1_200_000, FORM, id="too large"),
        pytest.param(b"&".join(b"a%d=1" % n for n in range(2_000)), FORM, id="too many fields"),
        pytest.param(b"a=b", "multipart/form-data", id="no boundary"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_kindly(
    live_server: object, name: str, body: bytes, content_type: str
) -> None:
    response, page = send(str(live_server), reverse(name), body, content_type)
    assert response.status == 400
    assert "larger than 1 MB" in page
    assert "default-src 'self'" in str(response.headers["Content-Security-Policy"])
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_an_ordinary_forged_post_is_still_told_about_its_token(live_server: object) -> None:
    response, page = send(str(live_server), reverse("account_login"), b"a=b", f"{FORM}; charset=utf-8")
    assert response.status == 403
    assert "open for too long" in page
