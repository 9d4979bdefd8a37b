"""Classes of pods as label queries of the API server, for a script that looks for pods by itself.

Source: labels.Selector's text form (k8s.io/apimachinery pkg/labels): `key=value`, `key in (a,b)`, `key notin (a,b)`,
`key`, `!key`; `notin` also matches objects without the key.
"""

from egressc.model.label_classes import Labels, Values, only_name


def say_query(labels: Labels) -> str:
    """One label query for exactly the members of a class; "" for everything."""
    return ",".join(_requirement(key, values) for key, values in sorted(labels, key=lambda it: it[0]))


def say_places(namespaces: Labels) -> str:
    """Namespaces: `=name` for a single one, else a label query."""
    name = only_name(namespaces)
    return f"={name}" if name is not None and len(namespaces) == 1 else say_query(namespaces)


def _requirement(key: str, values: Values) -> str:
    named = sorted(value for value in values.values if value is not None)
    if not values.excluded:
        assert not named or None not in values.values, "no selector asks for a value or its absence"
        return f"{key} in ({','.join(named)})" if len(named) > 1 else f"{key}={named[0]}" if named else f"!{key}"
    wanted = [key] if None in values.values else []
    return ",".join([*wanted, *([f"{key} notin ({','.join(named)})"] if named else [])])
