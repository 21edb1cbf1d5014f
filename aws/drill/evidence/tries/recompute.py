#!/usr/bin/env python3
"""Reckons a drill's report again from samples.csv and journal.ndjson, and compares
it with report.json. It shares nothing with bothways: the standard library only.

    recompute.py FOLDER

It prints what it could not reckon, with why, and ends with 1 where a value differs.
"""

import csv
import hashlib
import json
import math
import os
import sys

INF = math.inf
WAYS = ("AtoB", "BtoA")

# What is words, or names who wrote it: nothing to reckon.
WORDS = (
    "/drill/test_type", "/drill/scenario", "/drill/written_by", "/drill/tool", "/drill/ended_at", "/drill/length_ms", "/scope/third_parties", "/plan/objectives",
    "/plan/hypotheses", "/plan/assumptions", "/plan/preconditions", "/plan/expected_outcomes", "/plan/stop_rules", "/execution/deviations", "/results/backfill",
    "/results/rpo/missing", "/verdict/why_reckoned", "/journal/missing", "/journal/other_events", "/sign_off", "/schema",
)


class Report:
    """report.json, with what of it was compared."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.root = json.load(file)
        self.seen, self.wrong, self.skipped, self.count = set(), [], {}, 0

    def get(self, path):
        value = self.root
        for part in path.strip("/").split("/"):
            value = value[int(part)] if isinstance(value, list) else value.get(part)
        return value

    def same(self, path, want):
        """Compares a value and all below it."""
        self.compare(path, self.get(path), want)

    def compare(self, path, got, want):
        if want in ([], {}) and got == want:
            self.seen.add(path)
            return
        if isinstance(want, dict) and isinstance(got, dict):
            for name in sorted(set(got) | set(want)):
                self.compare(f"{path}/{name}", got.get(name), want.get(name))
            return
        if isinstance(want, list) and isinstance(got, list) and len(got) == len(want):
            for i, value in enumerate(want):
                self.compare(f"{path}/{i}", got[i], value)
            return
        self.seen.add(path)
        self.count += 1
        if isinstance(got, (int, float)) and isinstance(want, (int, float)) and not isinstance(got, bool):
            # Go keeps lengths to the nanosecond.
            if abs(got - want) <= 2e-6 + 1e-9 * abs(want):
                return
        elif got == want:
            return
        self.wrong.append(f"{path}: the report says {got!r}, reckoned again {want!r}")

    def near(self, path, want, share):
        got = self.get(path)
        self.seen.add(path)
        self.count += 1
        if want is None or got is None:
            if want is not got:
                self.wrong.append(f"{path}: the report says {got!r}, reckoned again {want!r}")
        elif abs(got - want) > share * abs(want):
            self.wrong.append(f"{path}: the report says {got!r}, reckoned again {want!r}")

    def skip(self, path, why):
        self.skipped[path] = why

    def leaves(self, path="", value=None):
        value = self.root if path == "" else value
        if isinstance(value, dict) and value:
            for name, below in value.items():
                yield from self.leaves(f"{path}/{name}", below)
        elif isinstance(value, list) and value:
            for i, below in enumerate(value):
                yield from self.leaves(f"{path}/{i}", below)
        else:
            yield path

    def rest(self):
        """What nobody looked at."""
        known = tuple(self.skipped) + WORDS
        for leaf in self.leaves():
            above = any(leaf == s or leaf.startswith(s + "/") for s in known)
            if leaf not in self.seen and not above and not any(s.startswith(leaf + "/") for s in self.seen):
                yield leaf


def journal(path):
    """The journal's lines, once its chain holds."""
    events, previous = [], "0" * 64
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip(b"\n")
            event = json.loads(line)
            if event.get("previous_sha256") != previous:
                sys.exit(f"{path}: line {number} does not follow the line before it")
            previous = hashlib.sha256(line).hexdigest()
            del event["previous_sha256"]
            events.append(event)
    if not events or events[-1]["event"] != "journal_end" or events[-1]["lines"] != len(events) - 1:
        sys.exit(f"{path}: it does not end with its end")
    return events


def canaries(path):
    rows = []
    with open(path, encoding="utf-8", newline="") as file:
        for raw in csv.DictReader(file):
            row = dict(raw)
            for name in ("posted_ms", "absent_until_ms", "duration_ms", "longer_than_ms", "bracket_low_ms", "bracket_high_ms", "upload_ms"):
                row[name] = float(row[name]) if row.get(name) else None  # earlier folders have no longer_than_ms
            row["there_by_ms"] = float(row["there_by_ms"]) if row["there_by_ms"] else INF
            row["bytes"] = int(row["bytes"])
            for name in ("unusable", "held", "left_censored"):
                row[name] = row[name] == "true"
            rows.append(row)
    return rows


def finite(x):
    return None if x in (INF, -INF) else x


def of(events, name):
    return [without(e) for e in events if e["event"] == name]


def without(event):
    return {name: value for name, value in event.items() if name != "event"}


# -- how canaries stood at an instant --

def standing(c, at):
    if c["there_by_ms"] <= at:
        return "there"
    if c["absent_until_ms"] >= at and c["absent_until_ms"] > c["posted_ms"]:
        return "missing"
    return "unknown"


def loss(rows, at):
    known = [c for c in rows if c["posted_ms"] <= at]
    certain = [c for c in known if standing(c, at) == "missing"]
    possible = [c for c in known if standing(c, at) == "unknown"]
    newest = max((c["posted_ms"] for c in known if standing(c, at) == "there"), default=-INF)
    holes = [c for c in certain if c["posted_ms"] < newest]
    low = max((at - c["posted_ms"] for c in certain), default=0)
    high = max((at - c["posted_ms"] for c in certain + possible), default=0)
    return low, high, len(known), certain, possible, holes


def against(low, high, target):
    if not target:
        return "no_target"
    if high <= target:
        return "met"
    return "missed" if low > target else "cannot_be_told"


# -- how alike neighbours are (docs/method.md of bothways) --

def log_rank_scores(rows):
    left, after, before = 1.0, {}, {}
    for at in sorted({r["ms"] for r in rows}):
        risk = sum(r["ms"] >= at for r in rows)
        ends = sum(r["ms"] == at and r["arrived"] for r in rows)
        before[at] = left
        left *= 1 - ends / risk
        after[at] = left
    return [1 - after[r["ms"]] - (before[r["ms"]] if r["arrived"] else 0) for r in rows]


def by_start(rows):
    return sorted((r for r in rows if r["arrived"] or r["ms"] > 0), key=lambda r: r["start"])


def centred(values):
    mean = sum(values) / len(values)
    return [v - mean for v in values]


def variance(all_series):
    total = sum(v * v for series in all_series for v in centred(series))
    free = sum(len(series) - 1 for series in all_series)
    return total / free


def phi_of(all_series):
    neighbours = squares = n = 0.0
    for series in all_series:
        n += len(series) / len(all_series)
        series = centred(series)
        squares += sum(v * v for v in series)
        neighbours += sum(a * b for a, b in zip(series, series[1:]))
    return max(-.98, min(.98, (neighbours / squares + 1 / n) / max(.5, 1 - 4 / n)))


def means(size, values):
    out = []
    end = len(values)
    while end >= size:
        out.insert(0, sum(values[end - size:end]) / size)
        end -= size
    return out


class Alike:
    def __init__(self, said=1.0, taken=1.0, seen=False):
        self.said, self.taken, self.seen = said, taken, seen


def alike(all_series):
    all_series = [s for s in all_series if s]
    n, longest = sum(map(len, all_series)), max(map(len, all_series), default=0)
    if longest < 4 or variance(all_series) == 0:
        return Alike()

    def ratio(phi):
        phi = max(0, min(.98, phi))
        return (1 + phi) / (1 - phi)

    each, phi = n / len(all_series), phi_of(all_series)
    a = Alike(seen=phi * max(.5, 1 - 4 / each) > 1.5 / math.sqrt(n))
    a.taken = ratio(phi + max(.5, 12 / each - .5) / math.sqrt(n)) ** (1 + 4 / each)
    largest, size = ratio(phi), 2
    while longest // size >= 12:
        some = [means(size, s) for s in all_series]
        between = size * variance(some) / variance(all_series)
        a.seen = a.seen or between > 1 + 3 * math.sqrt(2 / sum(len(s) // size for s in all_series))
        largest = max(largest, between * ratio(min(.8, phi_of(some))))
        size *= 2
    if a.seen:
        a.said, a.taken = largest, max(largest, a.taken)
    return a


def worth(n, factor):
    return math.floor(n / max(1, factor) + 1e-9)


# -- quantiles --

def quantile(ordered, percent):
    n = len(ordered)
    k = (percent * n + 99) // 100
    if percent * n % 100 == 0 and k < n:
        return (ordered[k - 1] + ordered[k]) / 2
    return ordered[k - 1]


def kaplan_meier(rows, share):
    """The time by which this share has arrived."""
    left, ordered = 1.0, sorted({r["ms"] for r in rows if r["arrived"]})
    for i, at in enumerate(ordered):
        risk = sum(r["ms"] >= at for r in rows)
        left *= 1 - sum(r["ms"] == at and r["arrived"] for r in rows) / risk
        if abs(1 - left - share) < 1e-9 and i + 1 < len(ordered):
            return (at + ordered[i + 1]) / 2
        if 1 - left >= share:
            return at
    return INF


def fewest(percent):
    p, n = percent / 100, 1
    while p ** n + (1 - p) ** n > .05:
        n += 1
    return n


def ranked(n, percent, how):
    w = worth(n, how.taken)
    if how.seen and (percent != 50 or w < 4):
        return w
    return min(n, max(w, fewest(percent)))


def ranks(n, percent):
    p, chance = percent / 100, [1.0]
    for _ in range(n):
        following = [0.0] * (len(chance) + 1)
        for b, is_ in enumerate(chance):
            following[b] += (1 - p) * is_
            following[b + 1] += p * is_
        chance = following
    upper, above = n + 1, 0.0
    while upper > 1 and above + chance[upper - 1] <= .025:
        upper -= 1
        above += chance[upper]
    lower, below, most = 0, 0.0, .025
    if upper > n:
        upper, most = n, .05 - chance[n]
    while lower < n and below + chance[lower] <= most:
        below += chance[lower]
        lower += 1
    return lower, upper


def steady_rows(rows, before=None, since=None):
    """Canaries as a steady state counts them."""
    out = []
    for c in rows:
        if c["outcome"] == "" or before is not None and c["posted_ms"] >= before or since is not None and c["posted_ms"] < since:
            continue
        r = {"outcome": c["outcome"], "ms": c["duration_ms"] if c["duration_ms"] is not None else c["longer_than_ms"], "low": c["bracket_low_ms"], "high": c["bracket_high_ms"], "held": c["held"], "left": c["left_censored"],
             "start": math.floor(c["posted_ms"] - c["upload_ms"] + .5), "heads": int(c["heads"]), "unknowns": int(c["unknowns"]), "key": c["key"]}
        if before is not None and r["outcome"] == "replicated" and r["high"] > before - c["posted_ms"]:
            known = min(r["low"], before - c["posted_ms"])
            r.update(outcome="interrupted", ms=known, low=known, high=known, held=False, left=False)
        r["arrived"] = r["outcome"] == "replicated"
        out.append(r)
    return out


def timed(rows):
    return [r for r in rows if r["arrived"] or r["outcome"] in ("gave_up", "interrupted") and r["ms"] > 0]


def summary(report, path, event, own, other):
    """Compares one summary with its rows."""
    counts = {name: sum(r["outcome"] == name for r in own) for name in ("replicated", "gave_up", "failed", "interrupted", "suspended")}
    rows = timed(own)
    report.same(f"{path}/n", len(rows))
    report.same(f"{path}/probes", len(own))
    for name, n in counts.items():
        report.same(f"{path}/{name}", n)
    report.same(f"{path}/left_censored", sum(r["left"] for r in own))
    report.same(f"{path}/unknowns", sum(r["unknowns"] for r in own))
    heads = sum(r["heads"] for r in own)
    report.same(f"{path}/heads", heads)
    report.same(f"{path}/heads_per_sample", heads / len(own) if own else 0)
    if "held" in event:
        report.same(f"{path}/held", sum(r["held"] for r in own))
    for name in ("mean_ms", "mean_interval_ms", "mean_at_most_ms", "mean_cut_ms", "mean_bracket_ms"):
        report.skip(f"{path}/{name}", "a mean: its interval is Hall's, which this script has not")
    for name in ("late", "from_planned"):
        report.skip(f"{path}/{name}", "samples.csv has no planned instants")
    middle = alike([log_rank_scores(by_start(r)) for r in (timed(own), timed(other))])
    if "worth" in event:
        report.same(f"{path}/worth", max(1, worth(len(rows), middle.said)) if middle.seen else 0)
    arrived = sorted(r["ms"] for r in rows if r["arrived"])
    within = [r for r in rows if not r["arrived"] and arrived and r["ms"] < arrived[-1]]
    held = any(r["held"] or r["low"] == 0 for r in rows if r["arrived"])
    sharper = len(arrived) >= 100
    missing, bursts = {}, []
    for percent, name in ((50, "median"), (90, "p90"), (95, "p95"), (99, "p99")):
        fields = [f"{path}/{name}{end}" for end in ("_ms", "_interval_ms", "_over_ms", "_at_most_ms")]
        reason = None
        if within:
            reason = "some under way at the fault are cut between others: what ranks its interval then takes is not in this script"
        elif held:
            reason = "the first poll found some, or an answer was held"
        if reason:
            if within and not held and report.get(f"{path}/{name}_ms") is not None:
                report.same(f"{path}/{name}_ms", kaplan_meier(rows, percent / 100))
            for field in fields + [f"{path}/missing", f"{path}/too_few_bursts"]:
                report.skip(field, reason)
            continue
        times = arrived + [INF] * (len(rows) - len(arrived))
        at_least = sorted(r["ms"] for r in rows)
        how = middle
        n = len(rows)
        if n and percent != 50 and quantile(times, percent) < INF:
            most = quantile(times, percent)
            how = alike([[1.0 if r["arrived"] and r["ms"] <= most else 0.0 for r in by_start(rows)]])
            if middle.seen:
                how = Alike(max(how.said, middle.said), max(how.taken, middle.taken), True)
        of_n = ranked(n, percent, how) if n else 0
        lower, upper = ranks(of_n, percent) if of_n else (0, 0)
        if lower == 0:
            if how.seen and n >= fewest(50):
                bursts.append(name)
            elif n < fewest(percent):
                missing[name] = fewest(percent) - n
            report.same(f"{path}/{name}_ms", None)
            report.same(f"{path}/{name}_interval_ms", None)
            continue
        lower, upper = (lower * n + of_n - 1) // of_n, (upper * n + of_n - 1) // of_n
        value = quantile(times, percent)
        report.same(f"{path}/{name}_ms", finite(value))
        if value == INF:
            report.same(f"{path}/{name}_over_ms", quantile(at_least, percent))
        if sharper:
            report.skip(f"{path}/{name}_interval_ms", "of 100 arrivals and more the interval may be sharpened, which this script does not")
            continue
        lows = sorted(r["low"] if r["arrived"] else INF for r in rows)
        highs = sorted(r["high"] if r["arrived"] else INF for r in rows)
        low = lows[lower - 1] if lows[lower - 1] < INF else at_least[lower - 1]
        report.same(f"{path}/{name}_interval_ms", [low, finite(highs[upper - 1])])
    report.skip(f"{path}/missing", "of means it is not reckoned here")
    report.skip(f"{path}/too_few_bursts", "of means it is not reckoned here")
    if "max_ms" in event and rows and not held:
        if len(arrived) == len(rows):
            report.same(f"{path}/max_ms", arrived[-1])
    for field in ("max_ms", "max_over_ms", "max_at_most_ms"):
        report.skip(f"{path}/{field}", "where any was cut, held, or there at once")


# -- the ratio of two runs --

def gehan(x, y, shift):
    """Gehan's U of x stretched by shift, its variance by Breslow, and the arrivals that count."""
    u, moved = 0, [(a + shift, arrived) for a, arrived in x]
    for a, a_arrived in moved:
        for b, b_arrived in y:
            if a_arrived and b >= a:
                u += 1
            if b_arrived and a >= b:
                u -= 1
    return u, moved


def breslow(moved, y):
    spread = arrivals = 0.0
    ends = {}
    for t, arrived in moved + y:
        if arrived:
            ends[t] = ends.get(t, 0) + 1
    for at, d in ends.items():
        n, m = sum(t >= at for t, _ in moved), sum(t >= at for t, _ in y)
        if n == 0 or m == 0:
            continue
        arrivals += d
        if n + m > d:
            spread += n * m * d * (n + m - d) / (n + m - 1)
    return spread, arrivals


def bisect(holds):
    most = 30.0
    if not holds(-most):
        return -INF
    if holds(most):
        return INF
    low, high = -most, most
    for _ in range(50):
        half = (low + high) / 2
        if holds(half):
            low = half
        else:
            high = half
    return low


def student_near(z, free):
    """Student's point of which the normal one is z, by Fisher's expansion."""
    return z + (z ** 3 + z) / (4 * free) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * free * free)


def logs(rows, end):
    return [(math.log(max(r[end] if r["arrived"] else r["ms"], 1e-3)), r["arrived"]) for r in rows]


def placed(rows):
    """How many are known to lie on one side of their median."""
    middle = kaplan_meier(rows, .5)
    return sum(r["arrived"] or r["ms"] >= middle for r in rows)


def vague(rows):
    arrived = [r for r in rows if r["arrived"]]
    lows, highs = sorted(r["ms"] if r["held"] else r["low"] for r in arrived), sorted(r["high"] for r in arrived)
    wide = bool(lows) and highs[len(highs) // 2] >= 2 * lows[len(lows) // 2]
    return wide or 10 * sum(r["low"] == 0 and not r["held"] for r in arrived) > len(arrived)


def ratio(before, after):
    x, y = timed(before), timed(after)
    ends = ("ms", "ms")
    if vague(x) or vague(y):
        x = [dict(r, low=r["ms"]) if r["held"] else r for r in x]
        y = [dict(r, low=r["ms"]) if r["held"] else r for r in y]
        ends = ("low", "high")
    n, m = placed(x), placed(y)
    each = 2 / (1 / n + 1 / m)
    how = alike([log_rank_scores(by_start(x)), log_rank_scores(by_start(y))])
    width = 1.959964 * math.sqrt(how.taken) * (1 - .5 / math.sqrt(each) - (max(.5, 12 / each - .5) - .5) / 14)
    whole = all(r["arrived"] for r in x + y)

    def rejects(a, b, shift, sign):
        u, moved = gehan(a, b, shift)
        if whole:
            return sign * u > width * math.sqrt(n * m * (n + m + 1) / 3)
        if sign * u <= 0:
            return False
        spread, arrivals = breslow(moved, b)
        return arrivals >= 4 and sign * u > student_near(width, arrivals - 1) * math.sqrt(spread)

    a, b = logs(x, "ms"), logs(y, "ms")
    middle = (bisect(lambda s: gehan(a, b, s)[0] > 0) + bisect(lambda s: gehan(a, b, s)[0] >= 0)) / 2
    low = bisect(lambda s: rejects(logs(x, ends[1]), logs(y, ends[0]), s, 1))
    high = bisect(lambda s: not rejects(logs(x, ends[0]), logs(y, ends[1]), s, -1))
    return math.exp(middle), math.exp(low), math.exp(high)


def compare_runs(report, path, got, before, after):
    x, y = timed(before), timed(after)
    report.same(f"{path}/n", [len(x), len(y)])
    if min(len(x), len(y)) < 6 or len(x) * len(y) > 20000 or got.get("reason"):
        for name in ("ratio", "ratio_low", "ratio_high", "shown", "slower"):
            report.skip(f"{path}/{name}", "there are too few, or too many for this script, or an end is not known")
        return
    middle, low, high = ratio(x, y)
    report.near(f"{path}/ratio", middle, 1e-4)
    report.near(f"{path}/ratio_low", low, 1e-4)
    report.near(f"{path}/ratio_high", high, 1e-4)
    report.same(f"{path}/shown", low > 1 or high < 1)
    report.same(f"{path}/slower", low > 1.25)


# -- the report --

def first(items, default=None):
    return items[0] if items else default


def instant(instants, what, way=None):
    for i in instants:
        if i["what"] == what and i.get("direction") == way and way is not None:
            return i["since_start_ms"]
    return first([i["since_start_ms"] for i in instants if i["what"] == what and i.get("direction") is None])


def main(folder):
    report = Report(os.path.join(folder, "report.json"))
    events = journal(os.path.join(folder, "journal.ndjson"))
    rows = canaries(os.path.join(folder, "samples.csv"))
    of_way = {way: [c for c in rows if c["direction"] == way] for way in WAYS}
    end, opening, scope = events[-1], first(of(events, "run"), {}), first(of(events, "drill"), {})
    kind, lost = scope.get("kind"), scope.get("lost")
    endangered = {"A": "AtoB", "B": "BtoA"}.get(lost)
    targets = scope.get("targets", {})
    rpo_target, rto_target = targets.get("rpo_ns", 0) / 1e6, targets.get("rto_ns", 0) / 1e6
    instants = of(events, "drill_instant")
    begins, ends, cut = (instant(instants, what) for what in ("fault_begins", "fault_ends", "cut"))
    changes = of(events, "drill_state")
    converged = first([c.get("since_start_ms") for c in changes if c["state"] == "converged" and c["reached"]])
    compared = of(events, "drill_compared")
    result = (of(events, "drill_result") or [None])[-1]

    identify(report, opening, scope, events)
    execute(report, events, changes, instants, of_way, begins, ends)
    count_losses(report, of_way, compared, events, kind, endangered, cut, instants, rpo_target)
    recover(report, of(events, "drill_recovery"), begins, rto_target)
    windows(report, of_way, of(events, "drill_isolation"), kind, begins, ends)
    backlog(report, of_way)
    converge(report, of_way, compared, ends, converged)
    steady(report, of_way, begins, converged, rpo_target)
    tell(report, events, compared)
    restore(report, folder, events, end, result)
    judge(report, result, kind, begins, converged)
    report.same("/journal/lines", end["lines"])
    report.same("/journal/original_sha256", end["original_sha256"])
    unreadable = of(events, "unreadable_line")
    report.same("/journal/torn_last_line", any(u.get("torn") for u in unreadable))
    report.same("/journal/damaged_lines", [u["line"] for u in unreadable if not u.get("torn") and not u.get("blank")])

    for path, why in sorted(report.skipped.items()):
        if path not in report.seen:
            try:
                if report.get(path) is None:
                    continue
            except (AttributeError, KeyError, IndexError, TypeError):
                continue
            print(f"not reckoned: {path}: {why}")
    rest = list(report.rest())
    for path in rest:
        print(f"not looked at: {path}")
    for line in report.wrong:
        print(f"DIFFERS: {line}")
    print(f"{report.count} values compared, {len(report.wrong)} differ, {len(rest)} not looked at")
    return 1 if report.wrong or rest else 0


def identify(report, opening, scope, events):
    for path, value in {
        "/drill/id": scope.get("drill", ""), "/drill/run_id": opening.get("run_id", ""), "/drill/title": scope.get("title", ""), "/drill/kind": scope.get("kind", ""),
        "/drill/reference": scope.get("reference", ""), "/drill/access": opening.get("access", ""), "/drill/simulated": opening.get("sandbox", False),
        "/drill/notes": opening.get("notes", []), "/drill/started_at": scope.get("started_at"), "/scope/pair": scope.get("pair"), "/scope/prefix": scope.get("prefix", ""),
        "/scope/lost_side": scope.get("lost", ""), "/scope/surviving_side": {"A": "B", "B": "A"}.get(scope.get("lost"), ""), "/scope/outage": scope.get("outage", ""),
        "/scope/time_box_ms": scope.get("box_ns", 0) / 1e6, "/scope/canary_every_ms": scope.get("every_ns", 0) / 1e6, "/scope/canaries_least": scope.get("least", 0),
        "/scope/drain_ms": scope.get("drain_ns", 0) / 1e6, "/scope/conflicts": scope.get("conflicts", 0), "/scope/anyway": scope.get("anyway", False),
        "/scope/failing_directions": (scope.get("ways") or ["AtoB", "BtoA"]) if scope.get("kind") == "alarm" else [],
        "/scope/alarms": scope.get("alarms") or [], "/scope/alarm_by_hand": scope.get("by_hand", False),
        "/scope/accounts_masked": events[-1]["masked"],
    }.items():
        report.same(path, value)
    sides = []
    for side in "AB":
        at = scope.get("pair", {}).get(side.lower(), {})
        sides.append({"side": side, "region": at.get("region", ""), "bucket": at.get("bucket", ""), "account": (scope.get("accounts") or {}).get(side, ""),
                      "caller": (scope.get("callers") or {}).get(side, "")})
    report.same("/scope/sides", sides)
    people, targets, agreed = scope.get("people", {}), scope.get("targets", {}), first(of(events, "drill_agreed"), {})
    report.same("/people", {
        "operator": people.get("operator", ""), "observer": people.get("observer", ""), "decision_maker": people.get("decision", ""), "targets_set_by": targets.get("by", ""),
        "agreed_by_typing": agreed.get("typed", ""), "agreed_at": agreed.get("at", "")})
    report.same("/plan/blast_radius", agreed.get("shown") or [])
    for name in ("rpo", "rto"):
        ns = targets.get(f"{name}_ns", 0)
        report.same(f"/plan/{name}_target_ms", ns / 1e6 if ns else None)


def execute(report, events, changes, instants, of_way, begins, ends):
    for i, state in enumerate(report.get("/execution/states")):
        entered = first([c for c in changes if c["state"] == state["state"] and not c["reached"]], {})
        reached = first([c for c in changes if c["state"] == state["state"] and c["reached"]], {})
        report.same(f"/execution/states/{i}", {
            "state": state["state"], "entered_at": entered.get("at"), "reached_at": reached.get("at"), "entered_ms": entered.get("since_start_ms"),
            "reached_ms": reached.get("since_start_ms"), "why": reached.get("why", "")})
    report.same("/execution/instants", instants)
    report.same("/execution/object_statuses", of(events, "drill_object_status"))
    calls = []
    for c in of(events, "drill_call"):
        name = {k: c[k] for k in ("service", "operation", "side", "target")}
        if c.get("begins"):
            calls.append({**name, "sent_at": c["at"], "answered_at": None, "request_id": "", "outcome": "unknown"})
            continue
        open_ = first([x for x in calls if x["answered_at"] is None and all(x[k] == name[k] for k in name)])
        if open_ is None:
            open_ = {**name, "sent_at": None}
            calls.append(open_)
        open_.update(answered_at=c["at"], request_id=c.get("request_id", ""), outcome=c.get("outcome", ""))
    report.same("/execution/calls", calls)
    steps, experiments = {}, {}
    for s in of(events, "step"):
        steps[s["id"]] = {k: s.get(k, "") for k in ("id", "status", "detail")}
    for x in of(events, "drill_experiment"):
        experiments[x["id"]] = x
    report.same("/execution/steps", list(steps.values()))
    report.same("/execution/experiments", list(experiments.values()))
    report.same("/execution/sleeps", len(of(events, "slept")))
    remarks = [n for n in of(events, "drill_note") if n["kind"] == "note"]
    report.same("/execution/remarks", [{"text": n["text"], "by": n.get("by", ""), "at": n["at"]} for n in remarks])
    samples, started = of(events, "sample"), of(events, "started")
    report.same("/execution/canaries", [{
        "direction": way, "intended": sum(s["direction"] == way for s in started), "acknowledged": len(of_way[way]),
        "refused": sum(s["direction"] == way and s["version_id"] == "" and s["outcome"] == "failed" for s in samples),
        "unusable": sum(c["unusable"] for c in of_way[way]),
        "acknowledged_during_fault": sum(begins is not None and c["posted_ms"] >= begins and (ends is None or c["posted_ms"] < ends) for c in of_way[way]),
        "in_flight_at_end": sum(c["outcome"] == "" for c in of_way[way])} for way in WAYS])
    # The canaries themselves, against their events.
    by_key = {s["key"]: s for s in samples}
    for c in rows_of(of_way):
        s = by_key.get(c["key"])
        if s and abs(s["since_start_ms"] + s["bracket_ms"][0] - c["absent_until_ms"]) > 1e-5:
            report.wrong.append(f"samples.csv: {c['key']} is not what its event says")
        report.count += 1


def rows_of(of_way):
    return [c for way in WAYS for c in of_way[way]]


def count_losses(report, of_way, compared, events, kind, endangered, cut, instants, target):
    report.same("/results/rpo/cut_ms", cut)
    report.same("/results/rpo/by_cloudwatch", of(events, "drill_metric"))
    report.same("/results/rpo/by_audit", [{
        "direction": way, "versions": (c.get("missing") or {}).get(way, {}).get("versions", 0), "bytes": (c.get("missing") or {}).get(way, {}).get("bytes", 0),
        "began_ms": c.get("began_ms"), "ended_ms": c.get("since_start_ms"), "whole": c["whole"]} for c in compared if c["moment"] == "during" for way in WAYS])
    held, all_ = "no_target", []
    for way in WAYS if cut is not None else ():
        low, high, n, certain, possible, holes = loss(of_way[way], instant(instants, "cut", way))
        if kind == "cut" and way == endangered:
            held = against(low, high, target)
        keys = sorted(certain + possible, key=lambda c: c["posted_ms"])
        all_.append({
            "direction": way, "lost_sides_writes": way == endangered, "low_ms": low, "high_ms": high, "n": n, "certain": len(certain), "possible": len(possible),
            "bytes_certain": sum(c["bytes"] for c in certain), "bytes_possible": sum(c["bytes"] for c in certain + possible), "holes": len(holes),
            "oldest_key": keys[0]["key"] if keys else "",
            "keys": [{"key": c["key"], "version_id": c["version_id"], "posted_ms": c["posted_ms"], "certain": c in certain, "hole": c in holes} for c in keys]})
    report.same("/results/rpo/by_canaries", all_)
    report.same("/results/rpo/against_target", held)


def recover(report, steps, begins, target):
    if begins is None or not steps:
        report.same("/results/rto", {"low_ms": None, "high_ms": None, "phases": [], "whole": False, "against_target": "no_target"})
        return
    last = steps[-1]
    whole, low, high = last["step"] == "verify", max(last["to_low_ms"] - begins, 0), last["to_ms"] - begins
    report.same("/results/rto", {
        "low_ms": low, "high_ms": high if whole else None, "whole": whole, "against_target": against(low, high, target) if whole else "no_target",
        "phases": [{"phase": s["step"], "low_ms": max(s["to_low_ms"] - s["from_ms"], 0), "high_ms": s["to_ms"] - s["from_ms"], "how": s["how"], "key": s.get("key", "")} for s in steps]})


def windows(report, of_way, isolations, kind, begins, ends):
    length = ends - begins if begins is not None and ends is not None else None
    report.same("/results/fault/begins_ms", begins)
    report.same("/results/fault/ends_ms", ends)
    report.same("/results/fault/length_ms", length)
    all_ = []
    for way in WAYS if kind == "pause" and begins is not None else ():
        recorded = ([i for i in isolations if i["direction"] == way] or [None])[-1]
        at = ends
        if recorded and recorded.get("since_start_ms"):
            at = recorded["since_start_ms"]
        if at is None:
            at = report.get("/drill/length_ms")
        last, row = None, []
        for c in of_way[way]:
            if c["unusable"] or c["posted_ms"] > at:
                continue
            if standing(c, at) == "there":
                last, row = c["posted_ms"], []
            elif standing(c, at) == "missing" and c["posted_ms"] >= begins:
                row.append(c)
        all_.append({
            "direction": way, "as_of_ms": at, "last_arrived_ms": last, "first_held_ms": row[0]["posted_ms"] if row else None, "held": len(row),
            "ends_low_ms": min(c["absent_until_ms"] for c in row) if row else None, "ends_high_ms": finite(min(c["there_by_ms"] for c in row)) if row else None,
            "seen": bool(recorded and recorded["seen"]), "recorded": recorded})
    report.same("/results/fault/isolations", all_)


def backlog(report, of_way):
    curves = report.get("/results/backlog")
    if not any(of_way.values()):
        report.same("/results/backlog", [])
    for i, curve in enumerate(curves):
        report.same(f"/results/backlog/{i}/direction", [w for w in WAYS if of_way[w]][i])
        for j, p in enumerate(curve["points"]):
            low, high, _, certain, possible, _ = loss(of_way[curve["direction"]], p["ms"])
            report.same(f"/results/backlog/{i}/points/{j}", {
                "ms": report.get("/drill/length_ms") * (j + 1) / 240, "missing_certain": len(certain), "missing_possible": len(possible), "oldest_low_ms": low, "oldest_high_ms": high})


def converge(report, of_way, compared, ends, converged):
    none = {"low_ms": None, "high_ms": None}
    if ends is None:
        report.same("/results/convergence", {"by_canaries": none, "by_audit": none, "clean_twice": False, "apart_ms": None, "canaries_not_arrived": 0})
        return
    waited = [c for c in rows_of(of_way) if not c["unusable"] and c["posted_ms"] <= ends]
    low, high = max([ends] + [c["absent_until_ms"] for c in waited]), max([ends] + [c["there_by_ms"] for c in waited])
    clean, unclean = [], ends
    for c in compared:
        if c["moment"] != "after":
            continue
        if c["clean"] and c["whole"]:
            clean.append(c)
            continue
        clean = []
        if not c["clean"]:
            unclean = max(unclean, c.get("began_ms", 0))
    by = max(clean[0]["since_start_ms"], ends) - ends if clean and clean[0].get("since_start_ms") else None
    if by is None and len(clean) >= 2 and converged:
        by = converged - ends  # the audits don't say when they were; by then they were over
    apart = None
    if len(clean) >= 2 and clean[-1].get("began_ms") and clean[-2].get("since_start_ms"):
        apart = clean[-1]["began_ms"] - clean[-2]["since_start_ms"]
    report.same("/results/convergence", {
        "by_canaries": {"low_ms": low - ends, "high_ms": high - ends if high < INF else None}, "by_audit": {"low_ms": unclean - ends, "high_ms": by},
        "clean_twice": len(clean) >= 2, "apart_ms": apart, "canaries_not_arrived": sum(c["there_by_ms"] == INF for c in waited)})


def steady(report, of_way, begins, converged, target):
    refused = "an upload that failed is in the journal, not among the canaries"
    for name, before, since in (("baseline", begins, None), ("after", None, converged)):
        events = report.get(f"/results/{name}")
        for i, event in enumerate(events):
            path = f"/results/{name}/{i}"
            report.same(f"{path}/direction", event["direction"])
            report.same(f"{path}/size_bytes", event["size_bytes"])
            if name == "after" and since is None:
                continue
            other = WAYS[1 - WAYS.index(event["direction"])]
            own = steady_rows(of_way[event["direction"]], before, since)
            if len(own) != event["probes"]:
                report.skip(path, refused)
                continue
            summary(report, path, event, own, steady_rows(of_way[other], before, since))
    if converged is None:
        report.same("/results/after", [])
        report.same("/results/fail_back", [])
    for i, got in enumerate(report.get("/results/fail_back")):
        way = got["direction"]
        path = f"/results/fail_back/{i}"
        compare_runs(report, path, got, steady_rows(of_way[way], before=begins), steady_rows(of_way[way], since=converged))
        for name in ("about", "direction", "interval", "ratio_of"):
            report.same(f"{path}/{name}", {"about": "runs", "direction": way, "interval": "one_look", "ratio_of": "after : before"}[name])
        for name in ("sentence", "would_show", "reason", "too_few_for_power", "worth"):
            report.skip(f"{path}/{name}", "words, or what could have been seen")
    within = []
    for way in WAYS if target and begins is not None else ():
        own = [c for c in of_way[way] if not c["unusable"] and c["posted_ms"] < begins]
        w = {"direction": way, "target_ms": target, "n": len(own), "within": 0, "over": 0, "unknown": 0, "miss_bound": None}
        for c in own:
            low, high = min(c["absent_until_ms"], begins) - c["posted_ms"], c["there_by_ms"] - c["posted_ms"]
            if c["there_by_ms"] > begins:
                high = INF
            w["within" if high <= target else "over" if low >= target else "unknown"] += 1
        if own and w["within"] == len(own):
            w["miss_bound"] = 1 - .05 ** (1 / len(own))
        within.append(w)
    report.same("/results/within_target", within)


def tell(report, events, compared):
    report.same("/results/integrity", compared or None)
    conflicts = {}
    for c in of(events, "drill_conflict"):
        conflicts[c["key"]] = c
    report.same("/results/conflicts", list(conflicts.values()) or None)
    same = [c["same"] for c in conflicts.values()]
    report.same("/results/conflicts_count", {"keys": len(same), "same": same.count(True), "differ": same.count(False), "unknown": same.count(None)})
    report.same("/results/recorded", (of(events, "drill_achieved") or [None])[-1])
    report.same("/results/alarms", [{
        "name": a["alarm"], "side": a["side"], "how": a["how"], "rang": a["rang"], "low_ms": a["low_ms"] - a["from_ms"],
        "high_ms": a["high_ms"] - a["from_ms"] if a["rang"] else None, "state_updated_at": a.get("state_updated_at", ""),
        "state_reason": a.get("state_reason", ""), "unknown": a.get("unknown", ""), "at": a["at"]} for a in of(events, "drill_alarm")])
    loops = ["held" if e["ok"] else "unknown" if e.get("unknown") else "broken" for e in of(events, "loop")]
    report.same("/results/loop_checks", {name: loops.count(name) for name in ("held", "broken", "unknown")})
    report.same("/findings", [{
        "number": i, "severity": f["level"], "state": f["state"], "side": f.get("side", ""), "title": f["title"], "text": f["text"], "todo": f.get("todo", ""),
        "owner": "", "due_date": "", "retest": ""} for i, f in enumerate(of(events, "drill_finding"), 1)])
    costs = of(events, "drill_cost")
    report.same("/cost/estimated", ([c for c in costs if c["estimated"]] or [None])[-1])
    report.same("/cost/counted", ([c for c in costs if not c["estimated"]] or [None])[-1])
    report.same("/cost/canaries", (of(events, "usage") or [None])[-1])


def restore(report, folder, events, end, result):
    read = of(events, "drill_configuration")
    chosen = {}
    for i, c in enumerate(read):
        at = (c["side"], c["moment"])
        if not (c["moment"] == "before" and at in chosen):
            chosen[at] = i
    want = []
    for i, c in enumerate(read):
        name = f"configurations/{c['side'].lower()}-{c['moment']}.json"
        mine = chosen[(c["side"], c["moment"])] == i
        hashed = "right" if hashlib.sha256(c["document"].encode()).hexdigest() == c["sha256"] else "wrong"
        if mine:
            with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
                if file.read() != c["document"]:
                    report.wrong.append(f"{name} is not what the journal says")
        want.append({"side": c["side"], "moment": c["moment"], "sha256": c["sha256"], "hash": "masked" if end["masked"] else hashed, "at": c["at"], "file": name if mine else ""})
    report.same("/restoration/configurations", want)
    equal, tags, tagged = True, True, True
    for side in "AB":
        before, after = ([read[chosen[(side, m)]]] if (side, m) in chosen else [] for m in ("before", "after"))
        equal = equal and bool(before and after) and before[0]["sha256"] == after[0]["sha256"] != ""
        once, again = ((c[0].get("tags") or "") if c else "" for c in (before, after))
        tagged, tags = tagged and once != "" and again != "", tags and once == again
    report.same("/restoration/equal", equal)
    roles = of(events, "drill_role_policies")
    report.same("/restoration/roles", [{
        "side": p["side"], "role": p["role"], "moment": p["moment"], "sha256": p["sha256"], "document": p["document"], "at": p["at"],
        "hash": "masked" if end["masked"] else "right" if hashlib.sha256(p["document"].encode()).hexdigest() == p["sha256"] else "wrong"} for p in roles])
    once = {(p["side"], p["role"]): p["sha256"] for p in reversed(roles) if p["moment"] == "before"}
    again = {(p["side"], p["role"]): p["sha256"] for p in roles if p["moment"] == "after"}
    report.same("/restoration/roles_equal", (once == again and "" not in once.values()) if roles else None)
    report.same("/restoration/tags_equal", tags if tagged else None)
    report.same("/restoration/left_behind", (result or {}).get("left") or [])
    report.same("/restoration/undo", (result or {}).get("undo", ""))
    left = [o for e in of(events, "left") for o in e["objects"]]
    report.same("/restoration/objects_left", [f"{o['side']} {o['key']} {o.get('version_id', '')}" for o in left])
    report.same("/restoration/undo_lines", (of(events, "drill_undo_lines") or [{}])[-1].get("cli") or [])


def judge(report, result, kind, begins, converged):
    """The verdict from the report's own figures, each of which was reckoned above."""
    order = ["passed", "failed", "stopped", "error"]
    # Of a fault that was killed nobody knows what it would have come to.
    over = result is not None or report.get("/results/fault/ends_ms") is not None
    unisolated = over and any(not i["seen"] for i in report.get("/results/fault/isolations"))
    done = kind in ("readiness", "alarm") or converged is not None and report.get("/results/convergence/clean_twice")
    restored = kind == "readiness" or report.get("/restoration/equal") and report.get("/restoration/roles_equal") is not False or begins is None and not report.get("/execution/calls")
    tags, touched = report.get("/restoration/tags_equal"), begins is not None or bool(report.get("/execution/calls"))
    restored = bool(restored) and not (touched and (tags is False or tags is None and kind == "pause"))
    slower = [{"AtoB": "A → B", "BtoA": "B → A"}[b["direction"]] for b in report.get("/results/fail_back") if b["slower"]]
    reached = ["passed"]
    if result is None or result.get("error"):
        reached.append("error")
    if result and result.get("stopped"):
        reached.append("stopped")
    held = [report.get("/results/rpo/against_target"), report.get("/results/rto/against_target")]
    silent = [a["name"] for a in report.get("/results/alarms") if not a["rang"]]
    if silent or unisolated or "missed" in held or "cannot_be_told" in held or not done or slower:
        reached.append("failed")
    report.same("/verdict/recorded", (result or {}).get("verdict", ""))
    report.same("/verdict/why", (result or {}).get("why") or [])
    report.same("/verdict/not_known", (result or {}).get("not_known") or [])
    report.same("/verdict/reckoned", max(reached, key=order.index))
    report.same("/verdict/isolation_not_reached", unisolated)
    report.same("/verdict/converged", done)
    report.same("/verdict/restored", restored)
    report.same("/verdict/silent_alarms", silent)
    report.same("/verdict/slower", slower)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
