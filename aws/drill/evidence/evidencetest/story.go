package evidencetest

import (
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
)

// opening is all that comes before the fault.
func (d *drill) opening() {
	typed := d.wish.Typed
	d.at(-60_000, journal.Opening{Schema: journal.Schema, RunID: "20261130-120000-abcd", Version: "v1", Command: "drill", Access: "profile dr", StartedAt: d.wall(-60_000), Sandbox: true, Notes: []string{"Sandbox: simulated distances"}})
	d.at(-59_000, record.Scope{
		Drill: "d1", Kind: d.wish.Kind, Pair: Pair, Accounts: map[pair.SideName]string{pair.A: "111122223333", pair.B: "111122223333"},
		Callers: map[pair.SideName]string{pair.A: "arn:aws:iam::111122223333:user/op", pair.B: "arn:aws:iam::111122223333:user/op"},
		Lost:    d.lost, Outage: record.Refused, Prefix: "orders/", Box: 15 * time.Minute, Every: time.Second, Least: 30, Drain: 30 * time.Minute, Conflicts: 3,
		Targets: record.Targets{RPO: 15 * time.Second, RTO: 30 * time.Second, By: typed}, People: record.People{Operator: typed, Observer: typed, Decision: typed},
		Title: typed, Reference: typed, StartedAt: d.wall(-59_000),
	})
	d.state(record.Draft, -59_000, -58_900)
	d.state(record.Checked, -58_000, -50_000)
	d.configuration(-57_000, record.Before)
	d.at(-56_000, record.Compared{Moment: record.Before, Prefix: "orders/", Versions: 400, Counts: map[string]int64{}, Clean: true, Whole: true, At: d.wall(-56_000)})
	d.at(-55_000, record.Finding{Level: record.Warns, State: record.Checked, Side: pair.A, Title: "metrics are off", Text: typed, Todo: "switch them on"})
	d.at(0, probe.RunEvent{RunID: "20261130-120000-abcd", Pair: Pair, Sizes: []int64{1024}, EveryMS: 1000, LimitMS: 3_600_000, StartedAt: d.start.UTC()})
	d.state(record.Baseline, 0, d.begin-1_500)
	d.at(d.begin-1_400, record.Lines{Drill: "d1", CLI: []string{"aws fis stop-experiment --id EXP1", "aws fis stop-experiment --id EXP2"}})
	d.at(d.begin-1_300, record.Cost{Estimated: true, Dollars: 1.5, PricesAsOf: "2026-10", Items: []record.CostItem{{What: "FIS", N: 15, Unit: "action-minutes", Dollars: 1.5}}})
	d.at(d.begin-1_200, record.Agreed{Drill: "d1", Typed: typed, Shown: []string{"replication of orders/ stands still for at most 15 min"}, At: d.wall(d.begin - 1_200)})
	d.state(record.Armed, d.begin-1_450, d.begin-1_000)
}

// isolate is the fault from its beginning to its end.
func (d *drill) isolate() {
	instant := func(what record.InstantOf, ms float64) {
		d.at(ms, record.Instant{What: what, SinceStartMS: ms, At: d.wall(ms)})
	}
	instant(record.FaultBegins, d.begin)
	instant(record.TheCut, d.cut)
	instant(record.FaultEnds, d.seenEnded)
	d.state(record.Isolating, d.begin-500, d.begin+100)
	d.state(record.Isolated, d.begin+150, d.pauseEnds-5_000)
	d.configuration(d.begin+5_000, record.During)
	d.configuration(d.seenEnded+10, record.After)
	d.state(record.FailedOver, d.pauseEnds-4_900, d.pauseEnds-3_000)
	d.state(record.Frozen, d.pauseEnds-2_900, d.pauseEnds-2_000)
	d.state(record.Restoring, d.pauseEnds-1_000, d.seenEnded+15)
	if d.wish.Kind != record.Pause {
		return
	}
	for _, way := range pair.Directions() {
		d.at(d.pauseEnds-5_100, record.Isolation{Direction: way, LastArrivedMS: 1, FirstHeldMS: 2, Held: 20, OlderThanMS: 3, Seen: true, At: d.wall(d.pauseEnds - 5_100), SinceStartMS: d.pauseEnds - 5_100})
		call := record.Call{Service: "fis", Operation: "StartExperiment", Side: way.From(), Target: "EXT" + way.Slug(), Begins: true, At: d.wall(d.begin)}
		d.at(d.begin, call)
		call.Begins, call.RequestID, call.Outcome, call.At = false, "0f3e-"+way.Slug(), "ok", d.wall(d.begin+90)
		d.at(d.begin+90, call)
		d.at(d.begin+4_000, record.ObjectStatus{Direction: way, Side: way.From(), Moment: record.During, Key: "k", Version: "v", Status: "PENDING", At: d.wall(d.begin + 4_000), SinceStartMS: d.begin + 4_000})
		d.at(d.cut, record.Metric{Direction: way, Moment: record.During, Name: "OperationsPendingReplication", Why: "metrics are off", Unit: "Count"})
	}
	d.at(d.cut+4_000, record.Compared{
		Moment: record.During, Prefix: "orders/", Versions: 500, Counts: map[string]int64{"in_flight": 40}, Whole: true, At: d.wall(d.cut + 4_000), BeganMS: d.cut + 10, SinceStartMS: d.cut + 4_000,
		Missing: map[pair.Direction]record.Amount{pair.AtoB: {Versions: 20, Bytes: 20_480}, pair.BtoA: {Versions: 20, Bytes: 20_480}},
	})
	for i, kind := range []record.ConflictKind{record.WriteWrite, record.DeleteWrite, record.MarkerMarker} {
		c := record.Conflict{Key: string(kind), Kind: kind, Wrote: map[pair.SideName]record.Written{pair.A: {Version: "a1"}, pair.B: {Version: "b1"}}, At: d.wall(d.begin + 20_000)}
		d.at(d.begin+20_000, c)
		same := i > 0
		c.Same, c.Serves = &same, map[pair.SideName]record.Served{pair.A: {Version: "a1", Of: pair.A}, pair.B: {Version: "b1", Of: pair.B}}
		d.at(d.seenEnded+30_000, c)
	}
}

// recover is the fail-over.
func (d *drill) recover() {
	at := d.begin
	put := func(s record.Step, low, high float64) {
		d.at(high, record.Recovery{Step: s, FromMS: at, ToLowMS: low, ToMS: high, How: d.wish.Typed, Key: "bothways/recovery"})
		at = high
	}
	put(record.Detect, at+2_000, at+3_000)
	put(record.Decide, at+5_000, at+5_000)
	put(record.Switch, at+10, at+120)
	truly := at + d.between(5, 400)
	put(record.Verify, d.between(at, truly), truly+d.between(1, 100))
	d.truth.RTOMS = truly - d.begin
}

// closing is all that comes after both sides hold the same.
func (d *drill) closing(end float64) {
	d.state(record.FailedBack, end-2_000, end-1_500)
	d.state(record.Cleaned, end-1_400, end-100)
	d.state(record.Reported, end-50, end-10)
	d.at(end-200, cost.Usage{Requests: map[string]int64{"PutObject": 400, "HeadObject": 4000}, BytesAtoB: 204_800, BytesBtoA: 204_800, Dollars: .004, Priced: true, PricesAsOf: "2026-10"})
	d.at(end-150, record.Cost{Dollars: .2, PricesAsOf: "2026-10", Items: []record.CostItem{{What: "FIS", N: 2, Unit: "action-minutes", Dollars: .2}}})
	d.at(end-5_000, record.Note{Kind: record.Remark, Text: d.wish.Typed, By: d.wish.Typed, At: d.wall(end - 5_000), SinceStartMS: end - 5_000})
	d.at(end, record.Result{Drill: "d1", Verdict: record.Passed, Undo: record.Complete, Why: []string{}, At: d.wall(end)})
}
