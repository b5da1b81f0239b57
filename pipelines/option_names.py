"""Arguments in the messages of the library, as the options of the command: `force=True` is --force."""

import re

_ARGUMENT = re.compile(r"`([a-z][a-z0-9_]*)(?:=([^`]+))?`")
_OTHER_NAMES = {"price": "prices", "api_key": "api-key-file", "headers": "header", "source": "from"}


def as_options(message: str) -> str:
    """A message in which each argument in backticks is an option."""
    return _ARGUMENT.sub(_option, message)


def _option(argument: re.Match[str]) -> str:
    name, value = argument[1], argument[2]
    option = _OTHER_NAMES.get(name, name.replace("_", "-"))
    if value == "False":
        return f"--no-{option}"
    return f"--{option}" if value in (None, "True") else f"--{option} {value.strip(chr(34))}"
