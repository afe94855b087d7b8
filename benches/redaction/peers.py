"""The peers of `benches/redaction`: one process, which measures a block of calls whenever it is asked to.

Each peer gets its own default configuration with everything on, and the event as it takes it: parsed, as Python has it. What
reading JSON costs them is not counted, but for what they do themselves.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Redact = Callable[[Any], Any]


def edictum() -> dict[str, Redact]:
    """`redact_args` is what its guard does to the arguments of a call; `cap_payload` and JSON what its sinks do then."""
    from edictum.audit import RedactionPolicy

    policy = RedactionPolicy()

    def record(event: Any) -> str:
        return json.dumps(policy.cap_payload(policy.redact_args(event)), default=str)

    return {"redact": policy.redact_args, "record": record}


def logfire() -> dict[str, Redact]:
    """`Scrubber` is what its exporters put every span through, `scrub_value` the part of it that takes any value."""
    from logfire._internal.scrubbing import Scrubber

    scrubber = Scrubber(None)
    return {"redact": lambda event: scrubber.scrub_value(("attributes",), event)}


def sentry_relay() -> dict[str, Redact]:
    """`pii_strip_event` with the configuration that Sentry makes of "scrub data, defaults, IP addresses".

    It takes events of Sentry's, so ours is what such a one has in `extra`. JSON goes into it and out.
    """
    from sentry_relay.processing import convert_datascrubbing_config, pii_strip_event

    on = {"scrubData": True, "scrubDefaults": True, "scrubIpAddresses": True, "excludeFields": [], "sensitiveFields": []}
    config = convert_datascrubbing_config(on)
    return {"redact": lambda event: pii_strip_event(config, {"extra": event})}


def main() -> None:
    """Reads `peer what file times` and answers with the median in nanoseconds and what the peer makes of the event."""
    events: dict[str, Any] = {}
    peers: dict[str, dict[str, Redact]] = {}
    for line in sys.stdin:
        peer, what, file, times = line.split()
        if peer not in peers:
            peers[peer] = {"edictum": edictum, "logfire": logfire, "sentry-relay": sentry_relay}[peer]()
        if file not in events:
            events[file] = json.loads(Path(file).read_text("utf-8"))
        redact, event = peers[peer][what], events[file]
        taken = []
        for _ in range(int(times)):
            start = time.perf_counter_ns()
            redact(event)
            taken.append(time.perf_counter_ns() - start)
        print(sorted(taken)[len(taken) // 2], json.dumps(redact(event), default=str), flush=True)


if __name__ == "__main__":
    main()
