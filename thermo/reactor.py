"""The catalogue of reactors by its former name: see `heat_sources.reactor`."""

from .heat_sources.reactor import Fact, Reactor, ReactorMatch, incomplete, match, reactors, stream_of

__all__ = ["Fact", "Reactor", "ReactorMatch", "incomplete", "match", "reactors", "stream_of"]
