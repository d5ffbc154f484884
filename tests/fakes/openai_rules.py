"""The rules of OpenAI's chat completions that a request of Muse's is held to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any


class Refused(Exception):
    """A request that breaks a rule."""

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.param = param
        self.code = code


def error_body(refused: Refused) -> dict[str, Any]:
    """An error's body. https://platform.openai.com/docs/guides/error-codes."""
    return {
        "error": {
            "message": str(refused),
            "type": "invalid_request_error",
            "param": refused.param,
            "code": refused.code,
        }
    }


def checked(body: Mapping[str, Any], headers: Mapping[str, str], models: Sequence[str]) -> None:
    """Raise `Refused` where a request breaks a rule."""
    # https://platform.openai.com/docs/api-reference/authentication
    if not headers.get("Authorization", "").startswith("Bearer "):
        raise Refused(401, "You didn't provide an API key.")
    # https://platform.openai.com/docs/guides/error-codes: 404 for a model one has not
    if body.get("model") not in models:
        raise Refused(
            404, f"The model `{body.get('model')}` does not exist", code="model_not_found"
        )
    _messages(body.get("messages"))
    # https://platform.openai.com/docs/api-reference/chat/create#chat-create-stream_options:
    # "Only set this when you set stream: true."
    if "stream_options" in body and not body.get("stream"):
        raise Refused(400, "'stream_options' is only allowed with stream.", param="stream_options")
    _ranges(body)
    if (shape := body.get("response_format")) is not None:
        _format(shape)


def unknown(body: Mapping[str, Any], parts: Sequence[str], status: int) -> None:
    """Raise `Refused` for a part that a server of this kind does not know.

    400: Groq on `stream_options`, https://github.com/vercel/ai/pull/1578; 422: Mistral,
    https://github.com/openai/openai-agents-python/issues/442; 400: o-series on `temperature`.
    """
    for part in parts:
        if part in body:
            raise Refused(status, f"Unsupported parameter: '{part}'", param=part)


def _messages(messages: Any) -> None:
    """https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages."""
    if not isinstance(messages, list) or not messages:
        raise Refused(400, "Missing required parameter: 'messages'.", param="messages")
    for each in messages:
        if each.get("role") not in ("developer", "system", "user", "assistant", "tool"):
            raise Refused(400, f"Invalid value: '{each.get('role')}'.", param="messages")
        if not isinstance(each.get("content"), str | list):
            raise Refused(400, "Invalid type for 'content'.", param="messages")


def _ranges(body: Mapping[str, Any]) -> None:
    """https://platform.openai.com/docs/api-reference/chat/create#chat-create-temperature."""
    for name, most in (("temperature", 2), ("top_p", 1)):
        value = body.get(name)
        if value is not None and not 0 <= value <= most:
            raise Refused(400, f"Invalid '{name}': outside of 0 to {most}.", param=name)


def _format(shape: Any) -> None:
    """https://platform.openai.com/docs/api-reference/chat/create#chat-create-response_format."""
    if shape.get("type") not in ("text", "json_object", "json_schema"):
        raise Refused(400, "Invalid value for 'response_format.type'.", param="response_format")
    if shape["type"] != "json_schema":
        return
    held = shape.get("json_schema") or {}
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", held.get("name", "")):
        raise Refused(400, "Invalid 'response_format.json_schema.name'.", param="response_format")
    if held.get("strict"):
        _strict(held.get("schema"), "schema")


def _strict(schema: Any, at: str) -> None:
    """https://platform.openai.com/docs/guides/structured-outputs#supported-schemas.

    Every object names all its properties as required and takes no others; the root is one.
    """
    if at == "schema" and (not isinstance(schema, dict) or schema.get("type") != "object"):
        raise Refused(400, "Invalid schema: the root is no object.", param="response_format")
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            said = f"Invalid schema at {at}: additionalProperties must be false"
            raise Refused(400, said, param="response_format")
        if set(schema.get("required", ())) != set(schema.get("properties", {})):
            raise Refused(400, f"Invalid schema at {at}: required", param="response_format")
        for name, each in schema["properties"].items():
            _strict(each, f"{at}.{name}")
    elif schema.get("type") == "array":
        _strict(schema["items"], f"{at}.items")
