"""wasmtime: compiles the component, gives it the imports it is promised and nothing else, and keeps one instance."""

from .glue import Handed, Row, Write
from .guest import Guest
from .program import Program

__all__ = ["Guest", "Handed", "Program", "Row", "Write"]
