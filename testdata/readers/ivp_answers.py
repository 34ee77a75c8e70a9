"""Answers on installation validity periods, from the document that
`ivp rules export --format answers` writes. Python 3.8 or later; no other package.

It reads the spellings that the document contains, in any case, and days as YYYY-MM-DD.
It does not read other text (the answer is then undetermined, unknown-spelling), days in
another form (bad-date), or a Central Products List. `ivp check` reads all of these.
"""
import datetime
import hashlib
import json
import re

SCHEMA = 1  # the version of the format that this reader reads


class Answers:
    """The answers of one document. `document` has the edition, the digest and the terms."""

    def __init__(self, document):
        """Takes the parsed document. Raises ValueError if it is not one, has another version or is damaged."""
        if not isinstance(document, dict) or document.get("schema") != SCHEMA:
            found = document.get("schema") if isinstance(document, dict) else None
            raise ValueError(f"answers of schema {found!r}, where {SCHEMA} was expected: use the reader and the document of the same ivp")
        rest = {name: value for name, value in document.items() if name != "sha256"}
        text = json.dumps(rest, ensure_ascii=False, separators=(",", ":"))
        if hashlib.sha256(text.encode()).hexdigest() != document.get("sha256"):
            raise ValueError("the answers are damaged: they do not have their own sha256; export them again")
        self.document = document
        self._types = {written: (meant, family) for written, meant, family in document["types"]}
        self._specs = {(family, written): meant for written, meant, family in document["specs"]}
        self._gbcs = dict(document["gbcs"])
        self._scopes = dict(document["scopes"])
        self._profiles = {tuple(profile[:4]): document["answers"][profile[4]] for profile in document["profiles"]}
        self._amendments = {amendment["id"]: amendment for amendment in document["amendments"]}

    @classmethod
    def load(cls, path):
        """Reads the document from a file."""
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file))

    def check(self, type, spec, gbcs, scope, day):
        """Returns the answer for a device: a dict with outcome, reason, the window that
        decided (from, to, end), the amendment, and the authority, which is the amendment
        with its citations, or None. If a text is not in the document, `unknown` is the
        name of its cell; otherwise it is empty. None is a blank cell."""
        type, spec, gbcs, scope = (_key(cell) for cell in (type, spec, gbcs, scope))
        meant_type, family = self._types.get(type, (None, ""))
        meant = {"type": meant_type, "spec": self._specs.get((family, spec)), "gbcs": self._gbcs.get(gbcs), "scope": self._scopes.get(scope)}
        for cell, name in meant.items():
            if name is None:
                blank = dict.fromkeys(("from", "to", "end", "amendment"), "")
                return {"outcome": "undetermined", "reason": "unknown-spelling", **blank, "authority": None, "unknown": cell}
        answer = _on(self._profiles[tuple(meant.values())], _trimmed(day))
        return {**answer, "authority": self._amendments.get(answer["amendment"]), "unknown": ""}


def _trimmed(cell):
    return "" if cell is None else str(cell).strip(" \t\n\v\f\r")


def _key(cell):
    return re.sub("[a-z]+", lambda letters: letters[0].upper(), _trimmed(cell))


def _on(answers, day):
    if day == "":
        return answers["no_day"]
    try:
        datetime.date.fromisoformat(day if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day) else "")
    except ValueError:
        return answers["bad_day"]
    found = [period for period in answers["periods"] if period["first"] <= day][-1]
    return {name: value for name, value in found.items() if name not in ("first", "last")}
