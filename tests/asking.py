"""Somebody who asks a server by HTTP, with a cookie once they were let in."""

import json
from typing import Self
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class Asker:
    """Keeps the cookie that it is given."""

    def __init__(self, address: str) -> None:
        self.address, self.cookie = address, ""

    def enter(self, name: str) -> Self:
        self.json("enter", {"name": name})
        return self

    def ask(self, path: str, body: object = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """The status, headers and content."""
        given = {"Cookie": self.cookie, "Content-Type": "application/json"} | headers
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(self.address + path, data, given)) as answer:
                told = answer.status, dict(answer.headers), answer.read()
        except HTTPError as fault:
            told = fault.code, dict(fault.headers), fault.read()
        if "set-cookie" in told[1]:
            self.cookie = told[1]["set-cookie"].partition(";")[0]
        return told

    def json(self, path: str, body: object = None) -> dict:
        status, _, content = self.ask(path, body)
        assert status == 200, content
        return json.loads(content)
