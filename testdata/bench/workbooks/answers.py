"""The answers of every profile, from the table that ../periods writes."""

import bisect
import csv

INPUT = ["device_id", "device_type", "manufacturer", "model", "hardware_version", "firmware", "spec", "gbcs", "install_date", "scope"]
KEYS = ["device_type", "spec", "gbcs", "scope"]
ANSWER = ["ivp_outcome", "ivp_reason", "ivp_spec", "ivp_to", "ivp_amendment"]
OUTPUT = INPUT + ["ivp_outcome", "ivp_reason", "ivp_spec", "ivp_to", "ivp_days_left", "ivp_amendment"]

# So that rows can be joined on equal keys, days are numbered by the stretch in which no
# profile's answer changes. These are no stretches of days.
NOT_GIVEN, UNREADABLE = 1, 2


class Answers:
    """rows has KEYS, a stretch and ANSWER in each row."""

    def __init__(self, path):
        with open(path, newline="") as f:
            periods = list(csv.DictReader(f))
        self.firsts = sorted({p["first"] for p in periods if p["given"] == "dated"})
        self.rows = []
        for p in periods:
            stretches = [NOT_GIVEN if p["given"] == "none" else UNREADABLE]
            if p["given"] == "dated":
                stretches = range(self.stretch(p["first"]), self.stretch(p["last"]) + 1)
            for stretch in stretches:
                self.rows.append([p[k] for k in KEYS] + [stretch] + [p[a] for a in ANSWER])

    def stretch(self, day):
        """Returns the stretch of a day, such as 2023-04-27."""
        return bisect.bisect_right(self.firsts, day) + 2
