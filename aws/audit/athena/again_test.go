package athena_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"bothways/aws/audit/athena"
	"bothways/aws/audit/athena/athenatest"
	"bothways/aws/pair"
)

// heard keeps what a journal would have of queries.
type heard struct{ all []athena.Query }

func (h *heard) tell(e pair.Event) {
	if q, is := e.(athena.Query); is {
		h.all = append(h.all, q)
	}
}

func (h *heard) earlier() athena.Earlier {
	found := athena.Earlier{}
	for _, q := range h.all {
		found[q.Token] = q
	}
	return found
}

func (h *heard) states() string {
	var all []string
	for _, q := range h.all {
		all = append(all, string(q.State))
	}
	return strings.Join(all, " ")
}

func nothing([]*string) error { return nil }

// What the journal has comes before the request, and its end after it.
func TestAQueryIsInTheJournalBeforeItIsAsked(t *testing.T) {
	s, h := athenatest.New(letters(1)), &heard{}
	q := queriesOf(t, s)
	q.Told = h.tell
	s.Fail = func(operation string) (int, string) {
		if got := h.states(); operation == "StartQueryExecution" && got != "asked" {
			t.Errorf("the journal has %q", got)
		}
		return 0, ""
	}
	if err := q.Run(t.Context(), "SELECT", nothing); err != nil || h.states() != "asked begun SUCCEEDED" {
		t.Errorf("%v, %s", err, h.states())
	}
	if last := h.all[2]; last.ID == "" || last.Token != h.all[0].Token {
		t.Errorf("%+v", last)
	}
}

// A process that is killed leaves its query going on: the next one of the same
// run waits for that one. One that was stopped, failed or was cancelled meanwhile
// is asked again.
func TestARunThatGoesOnTakesUpItsQueries(t *testing.T) {
	for name, c := range map[string]struct {
		known int // how many of the three lines the journal has
		state string
		asks  int // executions in the end
	}{
		"killed while it ran":             {2, "RUNNING", 1},
		"killed, and it has ended":        {2, "SUCCEEDED", 1},
		"killed before its ID was known":  {1, "RUNNING", 1},
		"killed, and cancelled meanwhile": {2, "CANCELLED", 2},
		"killed, and failed meanwhile":    {2, "FAILED", 2},
		"the answer was not read whole":   {3, "SUCCEEDED", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s, h := athenatest.New(letters(1)), &heard{}
			first := queriesOf(t, s)
			first.Told = h.tell
			if err := first.Run(t.Context(), "SELECT", nothing); err != nil {
				t.Fatal(err)
			}
			h.all = h.all[:c.known]
			for _, e := range s.Executions {
				e.State, e.Polls = c.state, 0
			}
			next := queriesOf(t, s)
			next.Earlier, next.Told = h.earlier(), h.tell
			n := 0
			err := next.Run(t.Context(), "SELECT", func([]*string) error { n++; return nil })
			if err != nil || n != 1 || len(s.Executions) != c.asks {
				t.Errorf("%v, %d rows, %d executions", err, n, len(s.Executions))
			}
		})
	}
}

func TestAQuestionThatWasStoppedIsAskedAgain(t *testing.T) {
	s, h := athenatest.New(letters(1)), &heard{}
	s.Polls = 1 << 30
	for range 2 { // interrupted twice
		q := queriesOf(t, s)
		q.Told, q.Earlier = h.tell, h.earlier()
		ctx, cancel := context.WithCancel(t.Context())
		s.Fail = func(operation string) (int, string) {
			if operation == "GetQueryExecution" {
				cancel()
			}
			return 0, ""
		}
		if err := q.Run(ctx, "SELECT", nothing); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
	}
	s.Fail, s.Polls = nil, 1
	q := queriesOf(t, s)
	q.Earlier = h.earlier()
	if err := q.Run(t.Context(), "SELECT", nothing); err != nil || len(s.Executions) != 3 || len(s.Stopped) != 2 {
		t.Errorf("%v, %d executions, %d stopped; %s", err, len(s.Executions), len(s.Stopped), h.states())
	}
}

// An interruption between a request and its answer leaves no query behind of
// which nobody knows.
func TestAnInterruptionWhileAQueryIsStartedStopsIt(t *testing.T) {
	s := athenatest.New(letters(1))
	s.Polls = 1 << 30
	q := queriesOf(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	s.Fail = func(operation string) (int, string) {
		if operation == "StartQueryExecution" {
			cancel()
		}
		return 0, ""
	}
	if err := q.Run(ctx, "SELECT", nothing); !errors.Is(err, context.Canceled) || len(s.Stopped) != 1 {
		t.Errorf("%v, stopped %v", err, s.Stopped)
	}
	if err := q.Run(ctx, "SELECT 2", nothing); !errors.Is(err, context.Canceled) || len(s.Executions) != 1 {
		t.Errorf("%v: after the end %d are started", err, len(s.Executions))
	}
}

func TestWhatNobodyGoesOnWithIsTakenAway(t *testing.T) {
	s, h := athenatest.New(letters(1)), &heard{}
	q := queriesOf(t, s)
	q.Told = h.tell
	for range 3 {
		if err := q.Run(t.Context(), "SELECT "+strings.Repeat("1", len(s.Executions)), nothing); err != nil {
			t.Fatal(err)
		}
	}
	ids := slices.Sorted(maps.Keys(s.Executions))
	s.Executions[ids[0]].State, s.Executions[ids[0]].Polls = "RUNNING", -10
	delete(s.Executions, ids[2]) // Athena forgets
	open := athena.Earlier{}
	for _, e := range h.all {
		if e.State == athena.Begun {
			open[e.Token] = e
		}
	}
	h.all = nil
	left := q.TakeAway(t.Context(), athena.Record{Queries: open, Tables: []string{"bothways_x"}})
	if !slices.Equal(left.Stopped, ids[:1]) || !slices.Equal(s.Stopped, ids[:1]) || !slices.Equal(left.Dropped, []string{"bothways_x"}) || len(left.Failed) > 0 {
		t.Errorf("%+v, stopped %v", left, s.Stopped)
	}
	after := h.earlier()
	for token := range open {
		if state := after[token].State; state == athena.Begun || state == "" {
			t.Errorf("the journal has %q of %s", state, open[token].ID)
		}
	}
}
