"""A worker that stops for ever at a named point of a settlement, so that a test can kill it there.

`celery -A tests.rebates.slow_worker worker --hostname=POINT`: the point is the worker's own name.
Steps are of ten parties; the second step is the one that never ends (for `counted` the first, for
`finished` the last).
"""

import os
import sys
import time
from collections import Counter

import django

from config.celery import app

django.setup()

from rebates.operations import settling

__all__ = ["app"]
POINTS = {"counted": 1, "posted": 2, "stated": 2, "summed": 1, "finished": 1}
FUNCTIONS = {
    "counted": "count_bases",
    "posted": "post_many",
    "stated": "write_statements",
    "summed": "_add_up",
    "finished": "_finish",
}
_calls: Counter[str] = Counter()


def stops_after(point):
    function = getattr(settling, FUNCTIONS[point])

    def stopping(*args, **kwargs):
        answer = function(*args, **kwargs)
        _calls[point] += 1
        if _calls[point] == POINTS[point]:
            os.write(1, b"HERE\n")
            time.sleep(600)
        return answer

    setattr(settling, FUNCTIONS[point], stopping)


settling.STATEMENTS_A_STEP = 20
for _argument in sys.argv:
    if _argument.startswith("--hostname="):
        stops_after(_argument.partition("=")[2])
