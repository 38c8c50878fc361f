"""What the law makes of a story: the transitions and deadlines of the application, on a case that is never stored."""

from permis.simulation.answer import answer
from permis.simulation.reading import parse, read
from permis.simulation.story import Faults

__all__ = ["Faults", "answer", "parse", "read"]
