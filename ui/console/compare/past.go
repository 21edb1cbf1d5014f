package compare

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// pastAudit shows an earlier audit as it ended, from its journal.
type pastAudit struct{ auditScreen }

func newPastAudit(h host.Host) *pastAudit {
	return &pastAudit{auditScreen{host: h, do: h.Engines(), from: host.Runs}}
}

// Drop implements host.Screen: what lies on this computer holds.
func (s *pastAudit) Drop(host.Stale) {}

// Enter reads the audit that was opened.
func (s *pastAudit) Enter(from host.Place) tea.Cmd {
	path := s.host.Chosen().Opened
	s.auditScreen = auditScreen{host: s.host, do: s.do, from: from, past: path, examples: map[difference.Group][]difference.Difference{}}
	return s.host.Ask("reading an audit", func(context.Context) host.Result {
		found, err := audit.Read(path)
		return func() tea.Cmd {
			if s.past != path {
				return nil
			}
			if err != nil {
				s.failure = err.Error()
				return nil
			}
			s.takePast(found)
			return nil
		}
	})
}

// takePast takes what the journal has.
func (s *auditScreen) takePast(found *audit.Record) {
	s.wanted, s.started, s.runID = found.Started.Pair, found.Started, found.Opening.RunID
	s.wanted.Options.Prefix = found.Started.Prefix
	s.result = found.Result
	if s.result == nil { // it was cut off
		s.result = &audit.Result{Tally: found.Tally, Requests: found.Requests, CutOff: found.Started.CutOff, Began: found.Opening.StartedAt, Finished: found.Opening.StartedAt, Why: "it was cut off"}
	}
	s.progress = audit.Progress{Phase: audit.Ended, Tally: s.result.Tally, Requests: s.result.Requests}
}

// pastLine says which audit is shown.
func (s *auditScreen) pastLine(width int) string {
	return widget.Fit(" "+widget.Clean(s.started.What())+", "+s.result.Began.UTC().Format("2006-01-02 15:04 UTC"), width)
}
