"""Expands serverless templates as AWS does: a line of JSON ``{"template", "parameters"}`` in, a line of JSON out.

The answer is ``{"expansion"}``, or ``{"refused"}`` with the translator's own words. Run by the Python of .tools/sam,
which has AWS's translator and nothing of the project.
"""

import json
import os
import sys
from typing import Any

from samtranslator.model.exceptions import InvalidDocumentException  # type: ignore[import-not-found]
from samtranslator.translator.transform import transform  # type: ignore[import-not-found]


class _NoManagedPolicies:
    """The template names none of AWS's managed policies: nothing is looked up in an account."""

    def load(self) -> dict[str, str]:
        """Names and ARNs."""
        return {}


def main() -> None:
    """Answer each line until there is none."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"expansion": transform(request["template"], request["parameters"], _NoManagedPolicies())}
    except InvalidDocumentException as error:
        causes = [str(getattr(one, "message", one)) for one in error.causes]
        return {"refused": "\n".join([error.message, *causes])}


if __name__ == "__main__":
    main()
