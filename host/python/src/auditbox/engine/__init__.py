"""wasmtime: compiles the component, gives it the imports it is promised and nothing else, and keeps one instance."""

from .guest import Guest
from .imports import Handed, Row, Write
from .program import Program

__all__ = ["Guest", "Handed", "Program", "Row", "Write"]
