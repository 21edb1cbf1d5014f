package athena_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"bothways/aws/audit/athena"
	"bothways/aws/audit/athena/athenatest"
	"bothways/probe/cost"
)

func letters(n int) func(string) ([][]*string, error) {
	return func(string) ([][]*string, error) {
		var rows [][]string
		for i := range n {
			rows = append(rows, []string{fmt.Sprint(i), "NULL"})
		}
		return athenatest.Rows([]string{"a", "b"}, rows...), nil
	}
}

func queriesOf(t *testing.T, s *athenatest.StandIn) *athena.Queries {
	return &athena.Queries{Client: s.Client(t), Workgroup: "w", Output: "s3://out/x/", Database: "d", RunID: "run", Pause: time.Millisecond}
}

func TestAnAnswerIsReadPageByPageWithoutItsNames(t *testing.T) {
	s := athenatest.New(letters(7))
	q := queriesOf(t, s)
	var got []string
	err := q.Run(t.Context(), "SELECT", func(row []*string) error {
		if row[1] != nil {
			t.Error("NULL has a value")
		}
		got = append(got, *row[0])
		return nil
	})
	if err != nil || strings.Join(got, "") != "0123456" {
		t.Errorf("%v, %v", got, err)
	}
	in := fmt.Sprint(s.Started[0])
	for _, says := range []string{"WorkGroup:w", "OutputLocation:s3://out/x/", "Database:d"} {
		if !strings.Contains(in, says) {
			t.Errorf("%s is not in %s", says, in)
		}
	}
	if q.Scanned != cost.LeastScan {
		t.Errorf("1 MiB is billed as %d bytes", q.Scanned)
	}
	if err := q.Run(t.Context(), "SELECT", func([]*string) error { return nil }); err != nil || len(s.Executions) != 1 {
		t.Errorf("the same statement of the same run has %d executions, %v", len(s.Executions), err)
	}
}

func TestQueriesThatFailAreToldInAthenasWords(t *testing.T) {
	s := athenatest.New(func(string) ([][]*string, error) { return nil, errors.New("TABLE_NOT_FOUND: line 1:15") })
	q := queriesOf(t, s)
	err := q.Run(t.Context(), "SELECT", nil)
	failed, is := errors.AsType[*athena.FailedError](err)
	if !is || failed.State != "FAILED" || !strings.Contains(err.Error(), "TABLE_NOT_FOUND") || len(s.Executions) != 1 || q.Scanned != 0 {
		t.Errorf("%v after %d, %d bytes", err, len(s.Executions), q.Scanned)
	}
	// What Athena calls worth another try gets one.
	s = athenatest.New(letters(1))
	s.Ended = func(e *athenatest.Execution) {
		if len(s.Executions) < 3 {
			e.State, e.Reason, e.Retryable = "FAILED", "GENERIC_INTERNAL_ERROR", true
		}
	}
	if err := queriesOf(t, s).Run(t.Context(), "SELECT", func([]*string) error { return nil }); err != nil || len(s.Executions) != 3 {
		t.Errorf("%v after %d", err, len(s.Executions))
	}
	s = athenatest.New(letters(1))
	s.Ended = func(e *athenatest.Execution) { e.State, e.Reason = "CANCELLED", "Query cancelled by user" }
	if err := queriesOf(t, s).Run(t.Context(), "SELECT", nil); err == nil || !strings.Contains(err.Error(), "was cancelled in Athena: Query cancelled by user") {
		t.Errorf("got %v", err)
	}
}

func TestRefusalsOfTheAPI(t *testing.T) {
	s := athenatest.New(letters(1))
	n := 0
	s.Fail = func(string) (int, string) {
		if n++; n <= 2 {
			return 400, "TooManyRequestsException"
		}
		return 0, ""
	}
	if err := queriesOf(t, s).Run(t.Context(), "SELECT", func([]*string) error { return nil }); err != nil || n < 5 {
		t.Errorf("asked too much at once: %v after %d", err, n)
	}
	s = athenatest.New(letters(1))
	s.Fail = func(string) (int, string) { return 400, "InvalidRequestException" }
	err := queriesOf(t, s).Run(t.Context(), "SELECT", nil)
	if err == nil || !strings.Contains(err.Error(), "start a query in the workgroup w") || !strings.Contains(err.Error(), "InvalidRequestException") {
		t.Errorf("got %v", err)
	}
}

func TestAQueryThatNobodyWaitsForIsStopped(t *testing.T) {
	s := athenatest.New(letters(1))
	s.Polls = 1 << 30
	ctx, cancel := context.WithCancel(t.Context())
	asked := false
	s.Fail = func(operation string) (int, string) {
		if operation == "GetQueryExecution" {
			if asked {
				cancel()
			}
			asked = true
		}
		return 0, ""
	}
	err := queriesOf(t, s).Run(ctx, "SELECT", nil)
	if !errors.Is(err, context.Canceled) || !slices.Equal(s.Stopped, []string{"00000000-0000-4000-8000-000000000001"}) {
		t.Errorf("%v, stopped %v", err, s.Stopped)
	}
}
