"""The API as one thing: its operations, and their description as an OpenAPI document."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from cersgroups import __version__
from cersgroups.api import api_token, extract, profile, scheduled_run, school, snapshot, upload
from cersgroups.api.access import by_token
from cersgroups.api.idempotency_key import HEADER, LONGEST, PATTERN
from cersgroups.api.problem import MEDIA_TYPE, invalid, problem, stopped
from cersgroups.api.profile_content import CONTENT_TITLE, BodyParser, content_schema
from cersgroups.core.api_token import scopes_for
from cersgroups.core.error import Stop
from cersgroups.records.bucket import BucketAway

VERSION = "/v1"
_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "A request with the same key again is not done again, and is answered as the first, for 48 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": f"^{PATTERN}$"},
}
_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what to do, in a sentence."},
        "errors": {"type": "array", "items": {"type": "object"}, "description": "Where the request does not fit."},
    },
}
_COMPONENTS = "#/components/schemas/"
_REFUSED = {"description": "A problem", "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_COMPONENTS}Problem"}}}}


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """The description, with what holds for every operation: the token and its scope, problems, keys."""
        schema = super().get_openapi_schema(**more)
        schema.update(_by_reference({**schema}, CONTENT_TITLE))
        schema["components"]["schemas"] |= {"Problem": _PROBLEM, CONTENT_TITLE: content_schema()}
        schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        deeds = {view.__name__: view.deed for view in self._views()}
        for methods in schema["paths"].values():
            for method, operation in methods.items():
                deed = deeds[operation["operationId"]]
                operation["x-scopes"] = scopes_for(deed) if deed else []
                operation["security"] = [{"token": []}]
                operation["responses"] |= {"4XX": _REFUSED, "503": _REFUSED}
                if method == "post":
                    operation["parameters"].append(_KEY)
        return schema

    def _views(self) -> list[Any]:
        routers = self._get_bound_routers()
        paths = [path for router in routers for path in router.path_operations.values()]
        return [operation.view_func for path in paths for operation in path.operations]


def _by_reference(part: Any, title: str) -> Any:
    """The part with a reference wherever it describes the thing of this title."""
    if isinstance(part, list):
        return [_by_reference(item, title) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("title") == title:
        return {"$ref": f"{_COMPONENTS}{title}"}
    return {key: _by_reference(value, title) for key, value in part.items()}


api = Api(
    title="Student Groups for CERS",
    version=__version__,
    description="What the pages do, for programs.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=BodyParser(),
)
api.add_decorator(by_token, mode="view")
for noun in (api_token, school, snapshot, profile, extract, upload, scheduled_run):
    api.add_router(VERSION, noun.router)
api.exception_handler(Stop)(stopped)


@api.exception_handler(BucketAway)
def _bucket_away(_request: HttpRequest, away: BucketAway) -> HttpResponse:
    return problem(503, str(away))


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    return invalid(error.errors)


@api.exception_handler(HttpError)
def _unreadable(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "The body cannot be read: it is neither JSON nor, for a profile, TOML.")
