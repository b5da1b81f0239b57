"""How many requests one person may make."""

from adiff_data.listeners.limits import RateLimit


def test_who_asks_too_much_waits():
    now = [0.0]
    limit = RateLimit(3, 1.0, clock=lambda: now[0])
    assert [limit.allows("anna") for _ in range(4)] == [True, True, True, False]
    assert limit.allows("ben")
    now[0] = 1.0
    assert [limit.allows("anna") for _ in range(2)] == [True, False]
