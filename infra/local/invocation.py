"""The context object that Lambda hands to a handler."""

import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Context:
    """As much of Lambda's context as a handler or a logger reads."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    memory_limit_in_mb: int = 3008
    function_version: str = "$LATEST"

    @property
    def invoked_function_arn(self) -> str:
        """An ARN of the account that moto plays."""
        return f"arn:aws:lambda:us-east-1:123456789012:function:{self.function_name}"

    def get_remaining_time_in_millis(self) -> int:
        """Nothing ends a local invocation."""
        return 300_000
