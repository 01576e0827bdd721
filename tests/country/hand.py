"""A process at one node (MOTCUA_HOME) that does what it is told: a deed and its details in, its answer out, one JSON line each."""

import json
import os
import sys

import django


def main():
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed must not be taken for an answer
    os.environ["DJANGO_SETTINGS_MODULE"] = "motcua.config.settings"
    django.setup()
    from django.db import close_old_connections
    from django.utils import translation

    from tests.country import deeds

    translation.activate("en")
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        close_old_connections()
        try:
            answer = {"answer": getattr(deeds, asked["deed"])(**asked["details"])}
        except Exception as error:
            answer = {"error": type(error).__name__, "says": str(error)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
