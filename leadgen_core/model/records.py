"""``frozen`` and ``define`` of attrs for our own records, made in half the time: a run begins with 150 of them.

attrs writes each method of each class as text and compiles it, which is two thirds of what a class costs. Here that
is done for the constructor alone; what prints, compares and hashes is written when it is first called, which for most
classes is never. What a record does is what attrs would have it do. Type checkers see attrs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from attrs import define as define
    from attrs import frozen as frozen
else:
    from functools import partial
    from reprlib import recursive_repr

    import attrs

    def define(cls=None, **options):
        """As ``attrs.define``."""
        return partial(_made, attrs.define, options) if cls is None else _made(attrs.define, options, cls)

    def frozen(cls=None, **options):
        """As ``attrs.frozen``."""
        return partial(_made, attrs.frozen, options) if cls is None else _made(attrs.frozen, options, cls)

    def _made(make, options, cls):
        own = vars(cls)
        late = dict(options)
        if printed := "repr" not in options and "__repr__" not in own:
            late["repr"] = False
        # Whoever says anything about comparing gets what attrs makes of it.
        if compared := not {"eq", "order", "unsafe_hash"} & options.keys() and not {"__eq__", "__hash__"} & own.keys():
            late["eq"] = False
        made = make(cls, **late)
        if printed:
            _later(made, "__repr__", _repr)
        if compared:
            _later(made, "__eq__", _eq)
            if make is attrs.frozen:
                _later(made, "__hash__", _hash)
            else:
                made.__hash__ = None
        return made

    def _later(made, name, write):
        """A method that is written, and then stands in the class, when it is first called."""

        def method(self, *arguments):
            written = write(made)
            setattr(made, name, written)
            return written(self, *arguments)

        setattr(made, name, method)

    # Written from the names of fields alone, which are identifiers.

    def _repr(made):
        names, members = {"NOTHING": attrs.NOTHING}, []
        for each in attrs.fields(made):
            if each.repr is True:
                members.append(f"{each.name}={{getattr(self, '{each.name}', NOTHING)!r}}")
            elif each.repr:
                names[f"show_{each.name}"] = each.repr
                members.append(f"{each.name}={{show_{each.name}(self.{each.name})}}")
        name = "{type(self).__qualname__.rpartition('>.')[2]}"
        return recursive_repr()(_written("__repr__", "self", f'f"{name}({", ".join(members)})"', names))

    def _eq(made):
        if any(each.eq_key for each in attrs.fields(made)):
            raise TypeError(f"{made.__qualname__} compares by keys: take it from attrs")
        same = " and ".join(f"self.{each.name} == other.{each.name}" for each in attrs.fields(made) if each.eq)
        result = f"NotImplemented if other.__class__ is not self.__class__ else {same or True}"
        return _written("__eq__", "self, other", result, {})

    def _hash(made):
        keys = [f"self.{each.name}" for each in attrs.fields(made) if (each.eq if each.hash is None else each.hash)]
        return _written("__hash__", "self", f"hash((kind, {', '.join(keys)}))", {"kind": made.__qualname__})

    def _written(name, arguments, result, names):
        exec(f"def {name}({arguments}): return {result}", names)  # noqa: S102
        return names[name]


__all__ = ["define", "frozen"]
