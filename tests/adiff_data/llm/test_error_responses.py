"""Whose fault a response without an answer is, in the words of many servers."""

import json

import pytest

from adiff_data.llm import BusyServer, FatalServerError, RejectedRequest, TransientError
from adiff_data.llm.error_responses import meaning_of_response, read_error
from pipelines.option_names import as_options


def meaning(status: int, content: object, **headers: str):
    text = content if isinstance(content, str) else json.dumps(content)
    return meaning_of_response(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, text.encode()
    )


def of(message: str, **fields: object) -> dict:
    return {"error": {"message": message, **fields}}


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (401, of("Incorrect API key provided")),
        (401, ""),
        (402, of("Insufficient Balance")),
        (402, {"detail": "Payment required"}),
        (400, of("Your credit balance is too low to access the API", type="invalid_request_error")),
        (400, of("Billing hard limit has been reached", code="billing_hard_limit_reached")),
        (
            429,
            of(
                "You exceeded your current quota, please check your plan and billing details", code="insufficient_quota"
            ),
        ),
        (429, of("no", type="insufficient_quota")),
        (429, of("Quota exceeded", type="insufficient_user_quota", code="new_api_error")),
        (403, of("insufficient credits: this request costs 0.01")),
        (
            400,
            [
                {
                    "error": {
                        "code": 400,
                        "message": "API key not valid. Please pass a valid API key.",
                        "status": "INVALID_ARGUMENT",
                    }
                }
            ],
        ),
        (400, of("x", details=[{"reason": "API_KEY_INVALID"}])),
        (429, {"detail": "Monthly spending cap reached"}),
        (400, of("Access denied, please make sure your account is in good standing.", code="Arrearage")),
        (500, of("your account balance is insufficient", code="insufficient_balance")),
        (403, of("Your account has been suspended due to insufficient balance")),
        (403, of("Country, region, or territory not supported", code="unsupported_country_region_territory")),
        (404, of("The model 'm' does not exist", code="model_not_found")),
        *(
            (400, of(message))
            for message in (
                "Your account balance is not enough to run this query, please recharge",
                "账户余额不足",
                "残高が不足しています",
                "Недостаточно средств на счёте",
                "Guthaben aufgebraucht",
                "Crédit insuffisant, veuillez recharger votre compte",
                "Saldo insuficiente",
                "You have reached your specified API usage limits. You will regain access on 2026-12-01.",
                "Budget has been exceeded! Current cost: 10.2, Max budget: 10.0",
                "Your organization has been disabled.",
                "Hard limit reached for this account",
                "This request would exceed your account's available funds",
                "please add a payment method",
                "The trial period has expired",
                "无效的API密钥",
                "Invalid token",
            )
        ),
        (429, of("Monthly spend limit reached")),
        (429, of("余额不足或无可用资源包,请充值。", code="1113")),
        (500, of("Authentication Error, Invalid proxy server token passed")),
    ],
)
def test_the_account_is_at_fault_and_the_run_stops(status, content):
    assert isinstance(meaning(status, content), FatalServerError)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (403, {"error": {"code": 403, "message": "Input was flagged", "metadata": {"reasons": ["violence"]}}}),
        (403, of("openai/gpt-4o requires moderation on OpenAI")),
        (403, of("blocked", code="content_policy_violation")),
        (
            400,
            of("The response was filtered", code="content_filter", innererror={"code": "ResponsibleAIPolicyViolation"}),
        ),
        (400, of("Input data may contain inappropriate content.", code="data_inspection_failed")),
        (400, of("maximum context length is 4096 tokens", code="context_length_exceeded")),
        (413, "<html><title>413 Request Entity Too Large</title></html>"),
        (422, {"detail": [{"loc": ["body", "seed"], "msg": "extra fields not permitted", "type": "value_error"}]}),
        (403, of("PROHIBITED_CONTENT")),
        (403, of("Request blocked by guardrail")),
        (403, of("输入包含敏感内容，请稍后再试")),
        (400, of("Content Exists Risk")),
    ],
)
def test_the_request_is_at_fault_and_its_row_fails_alone(status, content):
    assert isinstance(meaning(status, content), RejectedRequest)


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (429, of("Rate limit reached for requests", type="requests", code="rate_limit_exceeded")),
        (
            429,
            of("You exceeded your current quota, please check your plan and billing details. Please retry in 23.5s."),
        ),
        (429, ""),
        (503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}),
        (503, {"error": "Model mistral is currently loading", "estimated_time": 20.0}),
        (529, of("Overloaded", type="overloaded_error")),
        (500, of("The engine is currently overloaded, please try again later")),
        (404, of("the model is still loading")),
        (400, of("Too many requests in flight for this key")),
        (400, of("concurrency limit exceeded")),
        (400, of("Please try again later.")),
        (400, of("Requests rate limit exceeded", code="Throttling.RateQuota")),
        (429, of("当前分组上游负载已饱和，请稍后再试")),
        (420, "Enhance your calm"),
        (498, "queue full"),
        (424, of("model not ready")),
    ],
)
def test_the_moment_is_at_fault_and_no_row_is_blamed(status, content):
    assert isinstance(meaning(status, content), BusyServer)


def test_a_server_that_broke_and_asks_for_patience_may_still_break_at_the_request():
    assert not isinstance(meaning(500, of("Internal error. Please try again later.")), BusyServer)


@pytest.mark.parametrize("status", [408, 409, 421, 423, 499, 500, 502, 504, 520, 524])
def test_a_server_that_breaks_may_break_at_the_request(status):
    error = meaning(status, of("boom"))
    assert isinstance(error, TransientError)
    assert not isinstance(error, BusyServer)
    assert error.maybe_billed == (status in (499, 504, 524))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (of("too long"), "too long"),
        ({"error": "too long"}, "too long"),
        ({"detail": "too long"}, "too long"),
        ({"detail": [{"loc": ["body", "n"], "msg": "too large"}, {"msg": "x"}]}, "body.n: too large; x"),
        ([{"error": {"message": "too long"}}], "too long"),
        (["too long"], "too long"),
        ("too long", "too long"),
        ({"message": "too long", "object": "error", "code": 40303}, "too long"),
        ({"errors": [{"message": "too long"}]}, "too long"),
        ({"error": {"code": 1, "error": {"detail": "too long"}}}, "too long"),
        (
            {"error": {"message": "Provider returned error", "metadata": {"raw": '{"detail": "too long"}'}}},
            "Provider returned error: too long",
        ),
        ("<html><head><title>502 Bad &amp; Gateway</title></head><body>x</body></html>", "502 Bad & Gateway"),
        ("<html><style>a{}</style><body>Go  away</body></html>", "Go  away"),
        ("", ""),
        ({}, ""),
        (None, ""),
        ({"fault": {"faultstring": "too long"}}, "too long"),
        ({"unheard_of": {"words": "too long"}}, '{"unheard_of": {"words": "too long"}}'),
        ({"error": None}, ""),
    ],
)
def test_the_reason_is_found_wherever_it_stands(content, message):
    text = (
        content
        if (isinstance(content, str) and content.startswith(("<", "too"))) or content == ""
        else json.dumps(content)
    )
    assert read_error(text).message == message


def test_the_reason_has_the_status_and_a_phrase_where_nothing_is_said():
    assert meaning(400, {"detail": "no seed"}).reason == "400: no seed"
    assert meaning(502, "").reason == "502: Bad Gateway"
    assert meaning(599, "").reason == "599: no reason given"


def test_the_blamed_field_is_named():
    error = meaning(400, of("Unsupported parameter", param="max_tokens", code="unsupported_parameter"))
    assert isinstance(error, RejectedRequest)
    assert error.field == "max_tokens"


def test_what_a_server_puts_between_backticks_is_no_argument_of_ours():
    error = meaning(404, of("The model `force` does not exist."))
    assert error.reason == "404: The model 'force' does not exist."
    assert as_options(str(error)).startswith(error.reason)
