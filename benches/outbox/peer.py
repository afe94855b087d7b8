"""The peer of `benches/outbox`: so many calls of deconvolute's `log_event`, with the payload that is in a file."""

import json
import sys
import time
from pathlib import Path

from deconvolute.observability import configure_observability, get_backend

payload = json.loads(Path(sys.argv[1]).read_text())
calls = int(sys.argv[2])
configure_observability()
backend = get_backend()
backend.log_event("SESSION_ACCESS", payload)
times = []
for _ in range(calls):
    start = time.perf_counter_ns()
    backend.log_event("SESSION_ACCESS", payload)
    times.append(time.perf_counter_ns() - start)
times.sort()
print(sum(times), times[calls // 2], times[calls * 99 // 100], times[-1])
