# ruff: noqa
"""Fetch a page.

expects: forbidden raised
"""

import urllib.request


def attack(x):
    return urllib.request.urlopen("http://127.0.0.1:8000/").read()
