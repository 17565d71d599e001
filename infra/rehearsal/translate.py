"""Expands a serverless template as AWS does: JSON ``{"template", "parameters"}`` in, the expansion or a refusal out.

Run by the Python of .tools/sam, which has AWS's translator and nothing of the project.
"""

import json
import os
import sys

from samtranslator.model.exceptions import InvalidDocumentException  # type: ignore[import-not-found]
from samtranslator.translator.transform import transform  # type: ignore[import-not-found]


class _NoManagedPolicies:
    """The template names none of AWS's managed policies: nothing is looked up in an account."""

    def load(self) -> dict[str, str]:
        """Names and ARNs."""
        return {}


def main() -> int:
    """Exit status 1 with the translator's own words when it refuses."""
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    request = json.load(sys.stdin)
    try:
        expansion = transform(request["template"], request["parameters"], _NoManagedPolicies())
    except InvalidDocumentException as error:
        causes = [str(getattr(one, "message", one)) for one in error.causes]
        print("\n".join([error.message, *causes]), file=sys.stderr)
        return 1
    json.dump(expansion, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
