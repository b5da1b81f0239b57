"""What a response that is no answer says, and whose fault it is: the account's, the request's, or the moment's."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from adiff_data.llm.server_errors import BusyServer, FatalServerError, RejectedRequest, ServerError, TransientError
from adiff_data.llm.waiting_times import wait_before_retry

_FATAL_STATUS = frozenset({401, 402, 403, 404, 405, 407})
_MOMENT_STATUS = frozenset({420, 429, 498, 503, 529})
_TRANSIENT_STATUS = frozenset({408, 409, 421, 423, 425, 499})
_MAYBE_BILLED_STATUS = frozenset({499, 504, 524})  # a gateway stopped waiting: what is behind it may go on working
_ACCOUNT_CODES = frozenset(
    {
        "account_deactivated",
        "account_suspended",
        "api_key_invalid",
        "arrearage",
        "budget_exceeded",
        "authentication_error",
        "billing_error",
        "billing_hard_limit_reached",
        "billing_not_active",
        "insufficient_balance",
        "insufficient_credits",
        "insufficient_quota",
        "insufficient_user_quota",
        "invalid_api_key",
        "invalid_authentication_error",
        "exceeded_current_quota_error",
        "payment_required",
    }
)


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL)


_IS = r"(is |are |was |has |have )?(been )?"
_LIMIT = r"spend(ing)?|billing|budget|api usage|hard|payment"
_CLOSED = r"(deactivated|suspended|disabled|blocked|not active|in arrears|overdue)"
_ACCOUNT_WORDS_ABROAD = (  # no money left, or a key that does not count, as providers of other countries say it
    r"(余额|额度|配额|账户).{0,8}(不足|用尽|耗尽|欠费|停用|冻结|封禁)|欠费|请.{0,2}充值",
    r"残高.{0,6}不足|クレジット.{0,6}不足|(잔액|크레딧).{0,6}부족",
    r"недостаточно (средств|кредитов|денег)|yetersiz (bakiye|kredi)|niewystarczając\w+ (środki|saldo)",
    r"\b(kontostand|guthaben)\b.{0,30}(unzureichend|aufgebraucht|erschöpft|aufladen|reicht nicht)",
    r"\b(crédits?|solde|fonds) (est |sont )?(insuffisant|épuisé)|(onvoldoende|niet genoeg) (saldo|tegoed)",
    r"\b(saldo|fondos|créditos?|crediti?|credito) insuff?icient",
    r"(令牌|密钥|api ?key).{0,6}(无效|过期|不存在|错误)|无效的.{0,4}(令牌|密钥|api ?key)",
    r"api-schlüssel.{0,20}ungültig|ungültige\w* api-schlüssel|clé (d'|de l')?api.{0,12}(invalide|expirée)",
    r"clave (de )?api.{0,12}(inválida|no válida|caducada)",
)
_ACCOUNT_WORDS = _any_of(
    r"(insufficient|not enough|no|out of|low on|negative|all available) (\w+ )?(balance|credits?|funds|quota)\b",
    rf"(balance|credits?|funds|quota) (\w+ )?{_IS}(too low|not enough|insufficient|exhausted|used up|depleted)",
    r"exceeds? your (account's )?(\w+ )?(funds|balance|credits?)|budget has been exceeded",
    rf"\b({_LIMIT}) (limits?|cap)\b.{{0,40}}\b(reached|exceeded|hit)",
    rf"(reached|exceeded|hit)\b.{{0,40}}\b({_LIMIT}) (limits?|cap)\b",
    r"(add|update|no|missing) (a |your |valid )*payment method|payment required",
    r"subscription (\w+ )?(required|expired)|trial (\w+ )*expired|not available (for|on|in) your (\w+ )?plan",
    rf"\bbilling (hard )?(limit|quota)|billing {_IS}(not active|disabled)|check your plan and billing",
    rf"\b(account|organi[sz]ation|project|team) (\w+ )?{_IS}(\w+ )?{_CLOSED}",
    rf"\bapi[ _-]?(key|token) (\w+ )?{_IS}(\w+ )?(not valid|invalid|incorrect|expired|missing|revoked|not found)",
    r"(invalid|incorrect|expired|missing|revoked|wrong|no) (\w+ )?(api[ _-]?(key|token)|credentials)\b",
    r"authentication (error|failed|failure)|^invalid token\W*$",
    *_ACCOUNT_WORDS_ABROAD,
)
_MOMENT_WORDS = _any_of(
    r"loading (the )?model|model\b.{0,80}\b(is |still |currently )+(being )?(load(ing|ed)|starting|warming)",
    r"warming up|is starting up|overloaded|too many (concurrent )?requests|rate limit|at capacity|no capacity",
    r"queue (\w+ )?full|model (is )?not (yet )?(ready|loaded)",
    r"(server|system|model|service) (is )?(currently )?(busy|(temporarily )?unavailable)|concurrency limit|throttl",
)
_LATER_WORDS = _any_of(r"(try|retry) again (later|in a (moment|few))|稍[后後候]再?[试試]|リクエストが多すぎ")
_MODERATION_WORDS = _any_of(
    r"moderation|content[ _]?(filter|policy|management|safety|violation)|responsibleai|data_?inspection_?failed",
    r"flagged|safety (system|filter|setting|reason)|inappropriate|sensitive (content|words?)",
    r"blocked by (\w+ )?(safety|policy|guardrail)|prohibited[ _]content|content exists risk",
    r"violat\w+ (\w+ ){0,3}(usage |content )?polic|不安全|敏感|不适当|違反",
)
_MESSAGE_FIELDS = (
    *("message", "detail", "error", "errors", "error_description", "error_msg", "msg", "title", "reason"),
    *("Message", "errorMessage", "fault", "faultstring"),
)
_CODE_FIELDS = frozenset({"code", "type", "status", "reason"})
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>|<h1[^>]*>(.*?)</h1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<(style|script).*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_DEEPEST = 6


@dataclass(frozen=True)
class ErrorBody:
    """What the body of a response says.

    Attributes:
        message: in words; empty where it says nothing.
        codes: its codes and types, in lower case.
        field: the field of the request that it blames.
        status: a status code that it names itself, as gateways do under another one.
        is_page: whether it is a web page.
    """

    message: str
    codes: frozenset[str] = frozenset()
    field: str | None = None
    status: int | None = None
    is_page: bool = False


def read_error(content: bytes | str) -> ErrorBody:
    """Reads a body: JSON in any of the forms that servers write, a web page, or text."""
    text = content if isinstance(content, str) else content.decode("utf-8-sig", "replace")
    try:
        fields = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        title = _TITLE.search(text)
        is_page = title is not None or "<html" in text[:2000].lower()
        shown = next(filter(None, title.groups()), "") if title else _TAG.sub(" ", text)
        return ErrorBody(html.unescape(shown).strip(), is_page=is_page)
    return error_in(fields)


def error_in(fields: object) -> ErrorBody:
    """What the JSON of an error says."""
    named = list(_named_values(fields))
    codes = frozenset(str(value).lower() for name, value in named if name in _CODE_FIELDS and _is_plain(value))
    field = next((value for name, value in named if name == "param" and isinstance(value, str)), None)
    numbers = (value for name, value in named if name in ("code", "status", "status_code"))
    status = next((int(value) for value in numbers if str(value).isdigit() and 400 <= int(value) < 600), None)
    raw = next((value for name, value in named if name == "raw" and isinstance(value, str)), "")
    message = ": ".join(filter(None, (_message(fields) or _shown(fields), read_error(raw).message if raw else "")))
    return ErrorBody(message, codes, field, status)


def meaning_of_response(status: int, headers: Mapping[str, str], content: bytes) -> ServerError:
    """What a response without an answer means for the run."""
    return meaning_of_error(status, headers, read_error(content))


def meaning_of_error(status: int, headers: Mapping[str, str], error: ErrorBody) -> ServerError:
    """What an error means for the run: by its codes and words, where they say it, or else by its status."""
    reason = f"{status}: {error.message or _phrase(status)}"
    said = f"{error.message} {' '.join(sorted(error.codes))}"
    wait = wait_before_retry(headers, error.message)
    if _is_of_account(said, error.codes, wait):
        return FatalServerError(reason)
    if status not in (401, 402) and _MODERATION_WORDS.search(said):
        return RejectedRequest(reason)
    comes_too_soon = status < 500 and _LATER_WORDS.search(said)  # a server that broke may always do so at this request
    if status in _MOMENT_STATUS or _MOMENT_WORDS.search(said) or comes_too_soon:
        return BusyServer(reason, retry_after=wait)
    if status in _FATAL_STATUS:
        return FatalServerError(reason)
    if status in _TRANSIENT_STATUS or status >= 500:
        return TransientError(reason, retry_after=wait, maybe_billed=status in _MAYBE_BILLED_STATUS)
    return RejectedRequest(reason, field=error.field)


def _is_of_account(said: str, codes: frozenset[str], wait: float | None) -> bool:
    """Whether an account is to blame. Some call a limit a minute a quota: those say when to come again."""
    if codes & _ACCOUNT_CODES:
        return True
    return bool(_ACCOUNT_WORDS.search(said)) and wait is None


def _named_values(fields: object, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Every name and its value, from the outside in."""
    if depth > _DEEPEST:
        return
    if isinstance(fields, dict):
        yield from fields.items()
    children = fields.values() if isinstance(fields, dict) else fields if isinstance(fields, list) else ()
    for child in children:
        yield from _named_values(child, depth + 1)


def _message(fields: object, depth: int = 0) -> str:
    """What an error says in words, wherever it stands."""
    if isinstance(fields, str):
        return fields.strip()
    if isinstance(fields, list):
        parts = [_message(part, depth + 1) for part in fields[:3]] if depth < _DEEPEST else []
        return "; ".join(filter(None, parts))
    if not isinstance(fields, dict) or depth > _DEEPEST:
        return ""
    for name in ("error", *_MESSAGE_FIELDS):
        if message := _message(fields.get(name), depth + 1):
            where = fields.get("loc")  # as FastAPI tells which field is wrong
            return f"{'.'.join(map(str, where))}: {message}" if isinstance(where, list) and where else message
    return ""


def _shown(fields: object) -> str:
    """All that an error holds, where none of its fields is known to hold its words."""
    return json.dumps(fields, ensure_ascii=False) if isinstance(fields, dict) and any(fields.values()) else ""


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"
