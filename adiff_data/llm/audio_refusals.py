"""Whether a server's refusal of a request with recordings means that it takes none at all."""

import re

from adiff_data.llm.server_errors import BusyServer, RejectedRequest, ServerError, UnreachableServer

NO_AUDIO_MEND = "recordings need a `model` that hears, and a server that takes `input_audio` parts"
_ABOUT_AUDIO = re.compile(
    r"\baudios?\b|input_audio|multi-?modal|modalit|mmproj|(unknown|unsupported|invalid).{0,30}(part|content)|"
    r"content\b.{0,60}\b(string|text)|messages.{0,80}\bstring",
    re.IGNORECASE | re.DOTALL,
)
_CANNOT = re.compile(r"support|cannot|can't|not (a|able|allow|enabled)|no endpoints|at most 0", re.IGNORECASE)


def takes_no_audio(error: ServerError) -> bool:
    """Whether an error, before any answer, is about the recordings in a request: its own words must say so
    where the status does not."""
    if isinstance(error, BusyServer | UnreachableServer) or not _ABOUT_AUDIO.search(error.reason):
        return False
    return isinstance(error, RejectedRequest) or bool(_CANNOT.search(error.reason))
