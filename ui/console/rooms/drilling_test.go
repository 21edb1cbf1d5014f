package rooms

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// Only the pair's whole name arms a drill.
func TestADrillIsAgreedToByThePairsName(t *testing.T) {
	at80(t, "drill-arming", func(s *stage) {
		w := s.last()
		s.typed("bothways-demo-7k2m-eu-west-1").press("enter").shows("nothing is armed", "type the pair's name.")
		select {
		case err := <-w.agreed:
			t.Fatalf("half a name was agreed to: %v", err)
		default:
		}
		s.press("ctrl+u").typed(drill.Name(demoPair())).press("enter")
		if err := <-w.agreed; err != nil {
			t.Errorf("it was not agreed to: %v", err)
		}
		if s.hides("type the pair's name."); s.Typing() != nil {
			t.Error("the field stays open")
		}
	})
	at80(t, "drill-arming", func(s *stage) {
		w := s.last()
		if s.press("esc"); !errors.Is(<-w.agreed, drill.ErrUnconfirmed) {
			t.Error("esc is not heard as a no")
		}
	})
}

// All that is agreed to can be read where there is least room, while the field
// waits for the name.
func TestTheBlastRadiusCanBeReadWhereThereIsLeastRoom(t *testing.T) {
	playScene(t, "drill-arming", 60, 16, func(s *stage) {
		read := s.words()
		for range 40 {
			read += " " + s.press("down").words()
		}
		for _, want := range []string{"nothing is changed but canaries", "USD", "every key of both buckets", "111122223333", "AWS ends that by itself", "gets the tag", "bothways drill undo", "CORS rules"} {
			if !strings.Contains(read, want) {
				t.Errorf("nothing says %q", want)
			}
		}
	})
}

func TestSomebodyDecidesToFailOverByAKey(t *testing.T) {
	at80(t, "drill-deciding", func(s *stage) {
		w := s.last()
		s.shows("Fail over to side B?").press("enter").hides("Fail over to side B?")
		if how := <-w.decided; how != "a key was pressed" {
			t.Errorf("it was decided: %s", how)
		}
		if _, bound := widget.BindingOf(s.Bindings(), "enter"); bound {
			t.Error("enter is offered once it was decided")
		}
	})
	at80(t, "drill-isolated", func(s *stage) {
		if _, bound := widget.BindingOf(s.Bindings(), "enter"); bound {
			t.Error("enter is offered before anybody is asked")
		}
	})
}

// What somebody notes while a drill goes on reaches the drill, and stands on its time
// line; a question that waits for an answer goes on waiting.
func TestANoteIsTakenWhileADrillGoesOn(t *testing.T) {
	at80(t, "drill-deciding", func(s *stage) {
		w := s.last()
		s.press("n").shows("▸ note").typed("nobody").press("esc").hides("▸ note").shows("Fail over to side B?")
		s.press("n", "enter").hides("▸ note").press("n").typed("the pager rang twice").press("enter").hides("▸ note").shows("noted, for the report", "Fail over to side B?")
		if text := <-w.drill.Remarks; text != "the pager rang twice" {
			t.Errorf("the drill is told %q", text)
		}
		select {
		case text := <-w.drill.Remarks:
			t.Errorf("what was not kept is told: %q", text)
		case how := <-w.decided:
			t.Errorf("it was decided: %s", how)
		default:
		}
		s.tell(remark()).resize(80, 40).shows("Ines: the pager rang twice")
	})
	at80(t, "drill-passed", func(s *stage) {
		if _, bound := widget.BindingOf(s.Bindings(), "n"); bound {
			t.Error("a note is asked for when the drill is over")
		}
	})
}

// What is rarely asked for is folded, and reaches the drill once it is typed.
func TestTheFormUnfoldsWhatIsRarelyAskedFor(t *testing.T) {
	at80(t, "drill-form", func(s *stage) {
		s.hides("reference ", "observer ").press(times(20, "down")...).press("space")
		for _, typed := range []string{"2s", "12", "20m", "the board", "Ines", "the Region is under water", "R-17"} {
			s.press("down", "space", "ctrl+u").typed(typed).press("enter")
		}
		s.press("enter")
		got := s.last().drill.Scope
		if got.Every != 2*time.Second || got.Least != 12 || got.Drain != 20*time.Minute || got.Targets.By != "the board" || got.People.Observer != "Ines" ||
			got.Scenario != "the Region is under water" || got.Reference != "R-17" {
			t.Errorf("it was asked for %+v", got)
		}
	})
}

// No key leaves a drill that goes on, unless somebody says so; then it puts back
// what it changed.
func TestADrillIsLeftOnlyByPuttingEverythingBack(t *testing.T) {
	for _, key := range []string{"esc", "U"} {
		at80(t, "drill-isolated", func(s *stage) {
			s.press(key).shows("End the drill now and put everything back?")
			if s.press("n"); s.stopped() {
				t.Errorf("%s, n stops it", key)
			}
			s.at(host.Drill).press(key, "y").at(host.Drill).shows("STOPPING  putting everything back")
			if !s.stopped() {
				t.Errorf("%s, y does not stop it", key)
			}
		})
	}
}

func TestQuittingWaitsUntilADrillHasPutEverythingBack(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		at80(t, "drill-isolated", func(s *stage) {
			if s.quits(key) {
				t.Fatalf("%s ends the console while a drill is open", key)
			}
			s.shows("end it, put everything back, and quit?").press("y").shows("Putting everything back, then quitting.")
			s.pass(time.Minute)
			if s.quit || !s.stopped() {
				t.Fatalf("%s: quit %v, stopped %v before everything was put back", key, s.quit, s.stopped())
			}
			if s.press("ctrl+c").shows("leave the drill open?").press("n"); s.quit {
				t.Fatal("n quits")
			}
			if s.end(errors.New("context canceled")); !s.quit {
				t.Error("it does not quit once everything is back")
			}
		})
	}
	at80(t, "drill-isolated", func(s *stage) {
		if s.press("q", "y", "ctrl+c", "y"); !s.quit {
			t.Error("whoever insists can't quit")
		}
	})
}

// The room hears of every state and sees it in the window's title.
func TestTheRoomHearsOfEachStateAndTheWindowNamesIt(t *testing.T) {
	at80(t, "drill-baseline", func(s *stage) {
		for _, one := range []struct {
			title  string
			rings  int
			events []pair.Event
		}{
			{"BASELINE", 1, []pair.Event{reached(record.Baseline, "")}},
			{"BASELINE", 0, []pair.Event{entered(record.Armed), backlog(pair.AtoB, 40, 39, 1000)}},
			{"ARMED", 1, []pair.Event{reached(record.Armed, "agreed to")}},
			{"STOPPED", 1, []pair.Event{record.Result{Drill: drillID, Verdict: record.Stopped, Undo: record.Complete, At: noon}}},
		} {
			before := s.bells
			s.tell(one.events...)
			if got := s.View().WindowTitle; got != "bothways: Drill, "+one.title || s.bells-before != one.rings {
				t.Errorf("the title is %q after %d bells, not %s after %d", got, s.bells-before, one.title, one.rings)
			}
		}
	})
	for scene, title := range map[string]string{"drill-arming": "agree?", "drill-deciding": "fail over?", "drill-form": ""} {
		at80(t, scene, func(s *stage) {
			if got, want := s.View().WindowTitle, strings.TrimSuffix("bothways: Drill, "+title, ", "); got != want {
				t.Errorf("%s: the title is %q, not %q", scene, got, want)
			}
			if title != "" && s.bells == 0 {
				t.Errorf("%s: nobody hears that somebody is asked", scene)
			}
		})
	}
}

func TestADrillIsReachedFromThePlanTheProbeAndTheResults(t *testing.T) {
	for scene, back := range map[string]host.Place{"plan": host.Plan, "probe-setup": host.Probe, "results": host.Results} {
		at80(t, scene, func(s *stage) { s.press("D").at(host.Drill).press("esc").at(back) })
	}
	at80(t, "probe", func(s *stage) {
		if _, bound := widget.BindingOf(s.Bindings(), "D"); bound {
			t.Error("a drill is offered while a measurement goes on")
		}
	})
}

// Every kind that the record has can be asked for, with what it takes and nothing
// else.
func TestTheFormAsksForWhatItsKindTakes(t *testing.T) {
	want := map[record.Kind][]string{
		record.Readiness: nil, record.Cut: {"lost side", "outage", "time box", "RPO target"}, record.Pause: {"lost side", "time box", "conflicts"}, record.Alarm: {"time box"},
	}
	for _, k := range record.Kinds() {
		play(t, 80, 24, func(s *stage) {
			s.atDrill(k).shows(want[k]...)
			if k == record.Readiness {
				s.hides("lost side", "time box")
			}
			if s.press("enter"); s.last().drill.Scope.Kind != k {
				t.Errorf("%+v was asked for, not %s", s.last().drill.Scope, k)
			}
		})
	}
}

// A drill that was left open is the first line of every screen of its pair, with
// the key that takes it back; one that goes on elsewhere has none.
func TestAnOpenDrillStandsFirstOnEveryScreenOfItsPair(t *testing.T) {
	at80(t, "drill-open", func(s *stage) {
		for _, place := range []host.Place{host.Plan, host.Options, host.Doctor, host.Audit, host.Probe, host.Drill, host.TearDown} {
			s.run(s.GoTo(place))
			if first := strings.Split(s.text(), "\n")[bodyTop]; !strings.Contains(first, "✗ U takes it back: Drill "+drillID+" is open") {
				t.Errorf("the first line of %s is %q", place, first)
			}
			s.fits(80, 24)
		}
		s.run(s.GoTo(host.Where))
		s.resize(80, 24).hides("takes it back")
		s.run(s.GoTo(host.Plan))
		s.press("U").at(host.UndoDrill).hides("takes it back").shows("Take it back in the sandbox (simulated)?", "StopExperiment").press("esc").at(host.Plan)
	})
	at80(t, "drill-open-elsewhere", func(s *stage) {
		s.shows("goes on in another process").hides("takes it back")
		if s.press("U"); s.At() != host.Plan {
			t.Error("a drill that goes on elsewhere is taken back")
		}
	})
}

func TestADrillThatWasTakenBackIsNotNamedAnyMore(t *testing.T) {
	at80(t, "drill-undo-running", func(s *stage) {
		s.openDrills = nil
		s.end(nil)
		s.press("esc").at(host.Plan).hides("takes it back")
	})
}

// What AWS ended by itself is not told as changed any more.
func TestTheFootTellsWhatIsChangedInAWSNow(t *testing.T) {
	at80(t, "drill-isolated", func(s *stage) {
		s.shows("CHANGED IN AWS NOW: 2 experiments, 2 roles, 2 bucket tags", "Ends by itself at 12:10:50 (10:50 left). U undoes it all.")
		s.now = s.now.Add(11 * time.Minute)
		s.tell(backlog(pair.AtoB, 900, 40, 900_000)).shows("Was to end by itself at 12:10:50.")
		s.tell(entered(record.Restoring), reached(record.Restoring, "")).shows("CHANGED IN AWS NOW: 2 roles, 2 bucket tags, 2 experiment")
		for _, side := range pair.Sides() {
			s.tell(record.Call{Operation: "DeleteRole", Side: side, Outcome: "ok"}, record.Call{Operation: "UntagResource", Side: side, Outcome: "AccessDenied"},
				record.Call{Operation: "DeleteExperimentTemplate", Side: side, Outcome: "ResourceNotFoundException"})
		}
		s.shows("CHANGED IN AWS NOW: 2 bucket tags, canaries.")
	})
}
