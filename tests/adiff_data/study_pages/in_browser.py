"""Steps of somebody who takes part in a study by keys alone."""

from tests.pages import wait_until


def listen(page) -> None:
    """Plays both recordings."""
    for key, side in (("q", 1), ("w", 2)):
        page.keyboard.press(key)
        wait_until(page, f"heard.has('audio{side}')")


def judge(page, *values: int) -> None:
    """Answers the questions of a trial and goes on to the next."""
    before = page.text_content("#progress")
    listen(page)
    for value in values:
        page.keyboard.press(str(value))
    page.keyboard.press("Enter")
    wait_for_next(page, before)


def wait_for_next(page, before: str) -> None:
    """Waits until the answer to a trial was noted."""
    wait_until(page, f"document.getElementById('progress').textContent !== {before!r}")


def asked_for(page) -> int | None:
    """What a check of attention asks for; None where there is no check."""
    words = page.text_content("#answers")
    if "check of attention" not in words:
        return None
    if "give" in words:
        return int(words.partition("give ")[2][0])
    return 2 if "the second answer" in words else 1
