package session_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"bothways/aws/audit"
	"bothways/aws/audit/deep"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/session"
)

func TestAnInterruptedAuditGoesOnInItsOwnJournalAndInOneProcessAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.setUp(w.process())
		before := len(w.journals())
		newest := session.AuditOptions{Resume: session.ResumeNewest}
		_, err := w.process().Audit(t.Context(), w.access, testPair, newest, (&face{}).emit)
		if _, none := errors.AsType[*session.NothingToResumeError](err); !none {
			t.Fatalf("with no audit to go on with: %v", err)
		}

		ctx, cancel := context.WithCancel(t.Context())
		var first face
		first.on = func(e pair.Event) {
			if _, is := e.(audit.Started); is {
				cancel()
			}
		}
		if _, err := w.process().Audit(ctx, w.access, testPair, session.AuditOptions{}, first.emit); !errors.Is(err, context.Canceled) {
			t.Fatalf("interrupted, it ends with %v", err)
		}
		run := first.recording()
		if all := w.journals(); len(all) != before+1 || !strings.Contains(all[before], "it was interrupted") {
			t.Fatalf("the journals are %q", all[before:])
		}

		writer, err := journal.Append(run.Path) // as another process that goes on with it
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.process().Audit(t.Context(), w.access, testPair, session.AuditOptions{Resume: run.RunID}, (&face{}).emit)
		if _, writing := errors.AsType[*journal.WritingError](err); !writing {
			t.Errorf("while another process goes on with it: %v", err)
		}
		if err := writer.Close(); err != nil {
			t.Fatal(err)
		}

		var again face
		newest.Deep = 5
		result, err := w.process().Audit(t.Context(), w.access, testPair, newest, again.emit)
		if err != nil || !result.Complete || again.recording().RunID != run.RunID || len(w.journals()) != before+1 {
			t.Errorf("it goes on with %+v, %v, in run %s", result, err, again.recording().RunID)
		}
		sampled := again.named(deep.Result{}.EventName())
		if of, is := sampled[0].(deep.Result); !is || !strings.Contains(of.Says, "this run compared alone") {
			t.Errorf("its deep samples say something of all: %+v", sampled)
		}
		_, err = w.process().Audit(t.Context(), w.access, testPair, session.AuditOptions{Resume: run.RunID}, (&face{}).emit)
		if _, none := errors.AsType[*session.NothingToResumeError](err); !none {
			t.Errorf("after it came to its end: %v", err)
		}
	})
}

func TestAnAuditOfSidesThatCannotBeListedLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t) // without buckets
		var f face
		var asked atomic.Int32
		w.before = func(*http.Request) { asked.Add(1) }
		if _, err := w.process().Audit(t.Context(), w.access, testPair, session.AuditOptions{}, f.emit); err == nil || asked.Load() == 0 {
			t.Fatal("buckets that are not there can be audited")
		}
		if all := w.journals(); len(all) > 0 {
			t.Errorf("journals are left: %q", all)
		}
	})
}
