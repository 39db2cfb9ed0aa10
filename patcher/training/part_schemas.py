"""JSON schemas of the parts of a stack, as `stack check --json` prints them."""

from collections.abc import Mapping

from patcher.training.stack import LABELS

_NAMES = {"type": "array", "items": {"type": "string"}}
# What a part says besides its version and problem, where it could be inspected.
_MORE: Mapping[str, Mapping[str, object]] = {
    "horovod": {
        "frameworks": {**_NAMES, "description": "The frameworks that it is built for."},
        "controllers": {**_NAMES, "description": "What it can connect workers over."},
    },
    "habana": {
        "tensorflow": {
            **_NAMES,
            "description": "The versions of TensorFlow that the library is made for.",
        }
    },
    "hpus": {
        "modules": {
            **_NAMES,
            "description": "The numbers of the modules that may be used, by "
            "`HABANA_VISIBLE_MODULES` and `HABANA_VISIBLE_DEVICES`.",
        }
    },
    "devices": {
        "seen": {**_NAMES, "description": "What TensorFlow sees without the vendor's library."}
    },
}


def parts() -> dict[str, dict[str, object]]:
    """The schema of each part, by its key."""
    return {key: _part(label, _MORE.get(key, {})) for key, label in LABELS.items()}


def _part(label: str, more: Mapping[str, object]) -> dict[str, object]:
    text = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    return {
        "type": "object",
        "description": f"{label[:1].upper()}{label[1:]}.",
        "properties": {
            "version": {**text, "description": "The version; `null` where there is none."},
            "problem": {**text, "description": "Why it cannot be used; `null` where it can."},
            **more,
        },
        "required": ["version", "problem"],
        "additionalProperties": False,
    }
