"""The API that applies a rule to cases."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.work_budget import begin_work, spend_work
from kernel.refusals import PROBLEM_JSON, problem_body
from simulations.operations import simulate

ONE = {"type": "object", "additionalProperties": True}
ONE_OR_MANY = {"oneOf": [ONE, {"type": "array", "items": ONE}]}


class SimulationView(APIView):
    """Apply a rule to one case or to a list of cases, as `manage.py simulate` does."""

    right = "simulate"

    @extend_schema(
        operation_id="simulate",
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=list(simulate.KINDS)),
        ],
        request={"application/json": ONE_OR_MANY},
        responses={
            200: ONE_OR_MANY,
            (422, PROBLEM_JSON): {
                **ONE,
                "description": "A single invalid case: a problem body with error, field and message. For a "
                "list (application/json) the result of an invalid case is its error object.",
            },
            (422, "application/json"): {"type": "array", "items": ONE},
        },
    )
    def post(self, request: Request, kind: str) -> Response:
        if kind not in simulate.SIMULATIONS:
            raise NotFound(f"There is no “{kind}”; there are: {', '.join(simulate.KINDS)}.")
        begin_work(request)
        spend_work(request, simulate.work_of(request.data))
        answer, sensible = simulate.answer_all(kind, request.data)
        if sensible:
            return Response(answer)
        if isinstance(answer, list):
            return Response(answer, status=422)
        return Response(_problem(answer), status=422, content_type=PROBLEM_JSON)


def _problem(error: dict[str, Any]) -> dict[str, Any]:
    return problem_body(422, error["error"], error["message"]) | {"code": error["error"], **error}
