"""Pages of the project in a real browser."""

import pytest


def wait_until(page, expression: str) -> None:
    """Waits until an expression is true. The page's policy lets Playwright's own waiting evaluate none."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never true: {expression}")
