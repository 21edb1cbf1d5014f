package rooms

import (
	"context"
	"errors"
	"strings"
	"time"

	"bothways/aws/account"
	"bothways/aws/drill"
	"bothways/aws/drill/opened"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/session"
	"bothways/ui/console/host"
)

// drillingScenes are the screens of drills in the states that matter.
func drillingScenes() []scene {
	return []scene{
		{"drill-form", func(s *stage) { s.atDrill(record.Cut) }},
		{"drill-form-pause", func(s *stage) { s.atDrill(record.Pause).press("down", "down") }},
		{"drill-form-alarm", func(s *stage) { s.atDrill(record.Alarm) }},
		{"drill-form-more", func(s *stage) {
			s.atDrill(record.Pause).press(times(20, "down")...).press("space").press(times(7, "down")...)
		}},
		{"drill-form-readiness", func(s *stage) { s.atDrill(record.Readiness) }},
		{"drill-form-wrong", func(s *stage) { s.atDrill(record.Cut).press("down", "down", "down", "space").typed("s") }},
		{"drill-beginning", func(s *stage) { s.atDrill(record.Cut).press("enter") }},
		{"drill-checking", func(s *stage) { s.drilling(record.Cut, record.Checked).tell(unalike()) }},
		{"drill-readiness", func(s *stage) { s.drilling(record.Readiness, record.Checked).tell(unalike()) }},
		{"drill-baseline", func(s *stage) {
			s.drilling(record.Pause, record.Baseline).tell(backlog(pair.AtoB, 12, 10, 2100), backlog(pair.BtoA, 12, 9, 3900))
		}},
		{"drill-arming", func(s *stage) { s.arming(record.Pause) }},
		{"drill-arming-cut", func(s *stage) { s.arming(record.Cut).typed("bothways-demo-7k2m-eu") }},
		{"drill-isolated", func(s *stage) { s.isolated() }},
		{"drill-over-target", func(s *stage) {
			s.isolated().tell(backlog(pair.AtoB, 1600, 252, 1_021_000), backlog(pair.BtoA, 1594, 244, 64_000))
		}},
		{"drill-hours", func(s *stage) {
			s.isolated().tell(backlog(pair.AtoB, 16_000, 252, 11_021_000), backlog(pair.BtoA, 1_594_000, 244, 11_021_000))
		}},
		{"drill-deciding", func(s *stage) { s.deciding() }},
		{"drill-alarm", func(s *stage) { s.failing() }},
		{"drill-alarm-by-hand", func(s *stage) {
			w := s.failing().last()
			go func() { _, _ = w.drill.Heard(w.ctx) }()
			s.pass(time.Second)
		}},
		{"drill-alarm-rang", func(s *stage) {
			s.failing().tell(record.Rang{Alarm: "replication-failed", Side: pair.A, How: record.ByCloudWatch, Rang: true, FromMS: 1000, LowMS: 62_000, HighMS: 64_000, At: noon}, reached(record.Isolated, "every alarm rang"),
				entered(record.Restoring), reached(record.Restoring, "the policy is off"), record.Result{Drill: drillID, Verdict: record.Passed, Undo: record.Complete, At: noon}).end(nil)
		}},
		{"drill-noting", func(s *stage) { s.isolated().press("n").typed("the pager rang twi") }},
		{"drill-noted", func(s *stage) { s.deciding().tell(remark(), deviation()) }},
		{"drill-stopping", func(s *stage) { s.isolated().press("U", "y") }},
		{"drill-stop-asked", func(s *stage) { s.isolated().press("esc") }},
		{"drill-quit-asked", func(s *stage) { s.isolated().press("q") }},
		{"drill-draining", func(s *stage) { s.draining() }},
		{"drill-passed", func(s *stage) { s.passed() }},
		{"drill-evidence", func(s *stage) { s.passed().press("e") }},
		{"drill-failed", func(s *stage) {
			s.deciding().press("enter").tell(lossOfCut(), record.Result{
				Drill: drillID, Verdict: record.Failed, Undo: record.Complete, Why: []string{"the RPO's target was missed: 20 min to 21 min, and 15 min was the most"}, At: noon,
			}).end(nil)
		}},
		{"drill-incomplete", func(s *stage) {
			s.isolated().tell(record.Lines{Drill: drillID, CLI: []string{"aws fis stop-experiment --region eu-west-1 --id EXP1"}}, entered(record.Restoring), record.Result{
				Drill: drillID, Verdict: record.Errored, Undo: record.Incomplete, Why: []string{"stop experiment EXP1: AccessDenied: no fis:StopExperiment"},
				Left: []string{"experiment EXP1 in eu-west-1", "the tag bothways:drill of bucket bothways-demo-7k2m-eu-west-1"}, At: noon,
			}).end(errors.New("stop experiment EXP1: AccessDenied"))
		}},
		{"drill-unhealthy", func(s *stage) {
			s.drilling(record.Cut, record.Checked).tell(record.Finding{Level: record.Blocks, State: record.Checked, Title: "the two sides don't hold the same", Text: "3 versions differ", Todo: "bothways audit says what is missing and why"}, record.Result{
				Drill: drillID, Verdict: record.Errored, Undo: record.Complete, Why: []string{"no drill: the two sides don't hold the same"}, At: noon,
			}).end(&drill.UnhealthyError{Why: "the two sides don't hold the same"})
		}},
		{"drill-refused", func(s *stage) {
			s.atDrill(record.Cut).press("enter").end(errors.New("another bothways (drill, process 4711) holds this pair"))
		}},
		{"drill-open", func(s *stage) {
			s.leftOpen(opened.Open{Drill: drillID, Kind: record.Pause, By: "arn:aws:iam::111122223333:user/ana", Pauses: true, Stands: []string{"experiment EXP1"}})
			s.atPlan()
		}},
		{"drill-open-elsewhere", func(s *stage) {
			s.leftOpen(opened.Open{Drill: drillID, Kind: record.Pause, Running: true})
			s.atPlan()
		}},
		{"drill-undo", func(s *stage) { named(s.t, "drill-open").play(s); s.press("U") }},
		{"drill-undo-running", func(s *stage) {
			named(s.t, "drill-undo").play(s)
			s.press("y").news("remove-drill-pause-a-to-b", step.Running, "experiment EXP1 is stopping", time.Second)
		}},
		{"drill-undo-done", func(s *stage) {
			named(s.t, "drill-undo-running").play(s)
			s.news("remove-drill-pause-a-to-b", step.Done, "EXP1 stopped", time.Second).news("remove-drill-role-a-to-b", step.Done, "removed", time.Second).end(nil)
		}},
		{"drill-undo-failed", func(s *stage) {
			s.do.UndoDrill = func(context.Context, account.Access, pair.Pair) (host.DrillUndo, error) {
				return nil, errors.New("AccessDenied: no fis:ListExperiments in account 111122223333")
			}
			named(s.t, "drill-undo").play(s)
		}},
		{"drill-undo-none", func(s *stage) {
			named(s.t, "drill-open").play(s)
			s.openDrills = nil
			s.press("U")
		}},
	}
}

const drillID = "20261129-120000-7k2m"

// leftOpen says which drills of the pair are open.
func (s *stage) leftOpen(all ...opened.Open) { s.openDrills = all }

// atDrill is at the form, with a kind chosen.
func (s *stage) atDrill(k record.Kind) *stage {
	s.t.Helper()
	s.atPlan().press("D").at(host.Drill)
	for range record.Kinds() {
		if strings.Contains(s.line("kind "), " "+string(k)+" ") {
			return s
		}
		s.press("space")
	}
	s.t.Fatalf("no kind %s:\n%s", k, s.text())
	return s
}

// entered and reached are a state that is entered, and reached.
func entered(state record.State) record.Change {
	return record.Change{Drill: drillID, State: state, At: noon}
}

func reached(state record.State, why string) record.Change {
	return record.Change{Drill: drillID, State: state, Reached: true, Why: why, At: noon}
}

// drilling is a drill that is about to come to a state.
func (s *stage) drilling(k record.Kind, to record.State) *stage {
	s.t.Helper()
	s.atDrill(k)
	if k == record.Cut || k == record.Pause {
		s.press(times(map[record.Kind]int{record.Cut: 5, record.Pause: 4}[k], "down")...)
		s.press("space").typed("15m").press("enter")
	}
	s.press("enter")
	scope := s.last().drill.Scope
	scope.Drill = drillID
	events := []pair.Event{session.Recording{RunID: drillID, Path: "runs/" + drillID + ".ndjson"}, scope}
	for _, state := range record.States(k) {
		events = append(events, entered(state))
		if state == to {
			break
		}
		events = append(events, reached(state, map[record.State]string{
			record.Checked: "healthy", record.Baseline: "A → B at most 4.1 s in 99 of 100, B → A at most 12 s in 99 of 100", record.Armed: "agreed to",
			record.Isolated: "20 canaries in a row did not arrive in either direction",
		}[state]))
	}
	return s.tell(events...)
}

// unalike is what a drill warns of.
func unalike() record.Finding {
	return record.Finding{Level: record.Warns, State: record.Checked, Title: "not the same on both sides: CORS rules", Text: "Web pages of other sites could not read from B.", Todo: "bothways audit --settings shows both"}
}

// remark is a note that somebody took, and deviation one of the drill's own.
func remark() record.Note {
	return record.Note{Kind: record.Remark, Text: "the pager rang twice, nobody picked up before the third time", By: "Ines", At: noon}
}

func deviation() record.Note {
	return record.Note{Kind: record.Deviation, Text: "the time box ended while it failed over", At: noon.Add(time.Second)}
}

// backlog is how a direction stands.
func backlog(d pair.Direction, posted, arrived int, oldestMS float64) record.Backlog {
	return record.Backlog{Direction: d, Posted: posted, Arrived: arrived, Missing: posted - arrived, OldestMS: oldestMS, At: noon}
}

// arming is a drill that waits for the agreement.
func (s *stage) arming(k record.Kind) *stage {
	s.t.Helper()
	s.drilling(k, record.Armed)
	w := s.last()
	r := drill.Radius{Scope: w.drill.Scope, Typed: drill.Name(demoPair())}
	r.Scope.Accounts = map[pair.SideName]string{pair.A: "111122223333", pair.B: "111122223333"}
	if k == record.Pause {
		r.Changes = []string{
			"AWS FIS in eu-west-1 pauses every rule of bothways-demo-7k2m-eu-west-1 to bothways-demo-7k2m-ap-southeast-1 in ap-southeast-1, for 15 minutes at most; AWS ends that by itself",
			"bucket bothways-demo-7k2m-eu-west-1 gets the tag bothways:drill beside its own, which is taken away again",
			"account 111122223333 gets the role /bothways/bothways-fis-eu-west-1, which only these experiments can take, and an experiment template; both are removed again",
		}
		r.Lines = []string{"aws fis stop-experiment --region eu-west-1 --id EXP1"}
		s.tell(record.Lines{Drill: drillID, CLI: r.Lines})
	}
	s.tell(unalike())
	w.agreed = make(chan error, 1)
	go func() { w.agreed <- w.drill.Confirm(w.ctx, r) }()
	s.pass(time.Second)
	return s
}

// isolated is a pause that is seen to hold in both directions.
func (s *stage) isolated() *stage {
	s.t.Helper()
	s.drilling(record.Pause, record.FailedOver)
	var events []pair.Event
	for _, d := range pair.Directions() {
		side := d.From()
		for _, operation := range []string{"CreateRole", "TagResource", "CreateExperimentTemplate"} {
			events = append(events, record.Call{Operation: operation, Side: side, Begins: true, At: noon}, record.Call{Operation: operation, Side: side, Outcome: "ok", At: noon})
		}
		events = append(events, record.Experiment{Side: side, Direction: d, ID: "EXP-" + string(side), State: "running", StartedAt: noon.Add(-250 * time.Second), At: noon},
			record.Isolation{Direction: d, Seen: true, Held: 22, At: noon})
	}
	events = append(events, record.Instant{What: record.FaultBegins, At: noon.Add(-252 * time.Second)}, record.Lines{Drill: drillID, CLI: []string{"aws fis stop-experiment --id EXP1"}},
		record.Recovery{Step: record.Detect, FromMS: 0, ToMS: 42_000, How: "20 canaries in a row had not arrived"},
		backlog(pair.AtoB, 292, 40, 252_000), backlog(pair.BtoA, 290, 38, 242_000))
	return s.tell(events...)
}

// deciding is a cut that somebody noticed, and has to decide about.
func (s *stage) deciding() *stage {
	s.t.Helper()
	s.drilling(record.Cut, record.FailedOver)
	toB := backlog(pair.AtoB, 48, 46, 9_000)
	toB.Refused, toB.Holes = 7, 1
	s.tell(record.Instant{What: record.FaultBegins, At: noon.Add(-7 * time.Second)}, record.Recovery{Step: record.Detect, ToMS: 1800, How: "3 writes in a row failed"},
		toB, backlog(pair.BtoA, 55, 44, 11_000))
	w := s.last()
	w.decided = make(chan string, 1)
	go func() {
		how, _ := w.drill.Decide(w.ctx)
		w.decided <- how
	}()
	s.pass(time.Second)
	return s
}

// failing is a drill of an alarm in which an object failed.
func (s *stage) failing() *stage {
	s.t.Helper()
	s.drilling(record.Alarm, record.Isolated)
	return s.tell(record.Call{Operation: "PutRolePolicy", Side: pair.A, Begins: true}, record.Instant{What: record.FaultBegins, At: noon.Add(-time.Minute)},
		record.ObjectStatus{Direction: pair.AtoB, Moment: record.During, Status: "FAILED", At: noon.Add(-42 * time.Second)})
}

// restored are the last states of a drill up to one.
func restored(to record.State) (events []pair.Event) {
	why := map[record.State]string{
		record.FailedOver: "a write was read back on side B after 1 min 57 s", record.Restoring: "both configurations are what they were", record.Draining: "everything that was held has arrived",
		record.Converged: "both sides hold the same, twice", record.FailedBack: "A → B at most 4.0 s in 99 of 100, B → A at most 13 s in 99 of 100", record.Cleaned: "what the drill made is gone",
	}
	for _, state := range record.States(record.Pause) {
		if state.Before(record.FailedOver) {
			continue
		}
		if events = append(events, entered(state)); state == to {
			return events
		}
		events = append(events, reached(state, why[state]))
	}
	return append(events, reached(to, why[to]))
}

// draining is a pause that was taken back, of which what was held arrives.
func (s *stage) draining() *stage {
	s.t.Helper()
	s.isolated()
	return s.tell(append(restored(record.Draining), record.Instant{What: record.FaultEnds, At: noon}, record.Experiment{Side: pair.A, ID: "EXP-A", State: "stopped"},
		record.Recovery{Step: record.Decide, FromMS: 42_000, ToMS: 117_000, How: "a key was pressed"}, record.Recovery{Step: record.Switch, ToMS: 47, How: "the survivor acknowledged a write"},
		record.Recovery{Step: record.Verify, ToMS: 48, How: "it was read back, the same"}, conflicted(record.WriteWrite, pair.B, pair.B), conflicted(record.DeleteWrite, pair.A, pair.B),
		backlog(pair.AtoB, 400, 331, 61_000), backlog(pair.BtoA, 398, 398, 0))...)
}

// conflicted is a key that both sides changed, and whose version each serves.
func conflicted(k record.ConflictKind, a, b pair.SideName) record.Conflict {
	same := a == b
	return record.Conflict{
		Key: "bothways/" + string(k), Kind: k, Same: &same, At: noon,
		Serves: map[pair.SideName]record.Served{pair.A: {Version: "1", Of: a}, pair.B: {Version: "2", Of: b}},
	}
}

// passed is a pause that went its whole way.
func (s *stage) passed() *stage {
	s.t.Helper()
	s.draining()
	var events []pair.Event
	for _, m := range []record.Moment{record.Before, record.After} {
		for _, side := range pair.Sides() {
			events = append(events, record.Configuration{Side: side, Moment: m, SHA256: strings.Repeat("86fcace9deed", 5), At: noon})
		}
	}
	for _, state := range []record.State{record.Draining, record.Converged, record.FailedBack, record.Cleaned, record.Reported} {
		for _, e := range restored(state) {
			if c, is := e.(record.Change); is && c.State == state && c.Reached {
				events = append(events, c)
			}
		}
	}
	return s.tell(append(events, unalike(), record.Achieved{
		Drill: drillID, Recovery: &record.Interval{LowMS: 117_000, HighMS: 118_000},
		Loss: []record.LossOf{
			{Direction: pair.AtoB, Interval: record.Interval{LowMS: 249_000, HighMS: 252_000}, N: 292, Certain: 250, Possible: 2},
			{Direction: pair.BtoA, Interval: record.Interval{LowMS: 0, HighMS: 0}, N: 290},
		},
	}, record.Result{Drill: drillID, Verdict: record.Passed, Undo: record.Complete, At: noon})...).end(nil)
}

// lossOfCut is what a cut lost, above its target.
func lossOfCut() record.Achieved {
	return record.Achieved{
		Drill: drillID, Recovery: &record.Interval{LowMS: 33_000, HighMS: 33_100},
		Loss: []record.LossOf{{Direction: pair.AtoB, Interval: record.Interval{LowMS: 1_200_000, HighMS: 1_260_000}, N: 48, Certain: 2, Possible: 1, Holes: 1}},
	}
}

// drillUndo is the undo of a drill that the test carries out.
type drillUndo struct {
	stage  *stage
	access account.Access
	opens  []opened.Open
	plan   plan.Plan
}

func (u *drillUndo) Plan() plan.Plan { return u.plan }

func (u *drillUndo) Opens() []opened.Open { return u.opens }

func (u *drillUndo) Run(ctx context.Context, emit pair.Emit) error {
	return u.stage.work(&work{ctx: ctx, emit: emit, access: u.access, plan: u.plan})
}

// demoUndo takes an experiment and its role back.
func demoUndo(s *stage, access account.Access, p pair.Pair) host.DrillUndo {
	u := &drillUndo{stage: s, access: access, opens: s.openDrills, plan: plan.Plan{Pair: p, Purpose: pair.CleanUp}}
	if len(u.opens) == 0 {
		return u
	}
	toB := pair.AtoB
	u.plan.Steps = []step.Step{
		{ID: "remove-drill-pause-a-to-b", Title: "experiment", Direction: &toB, Change: step.Modify, What: "the pause of A → B ends, where it goes on", Call: "StopExperiment", Why: "What was held begins to arrive.", Target: "AWS FIS eu-west-1", Undo: "not needed", CLI: "aws fis stop-experiment"},
		{ID: "remove-drill-role-a-to-b", Title: "experiment's role", Direction: &toB, Change: step.Remove, What: "the role of the drill", Call: "DeleteRole", Why: "Nobody needs it any more.", Target: "IAM", Undo: "not needed", CLI: "aws iam delete-role"},
	}
	return u
}
