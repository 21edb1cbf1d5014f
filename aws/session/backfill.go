package session

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/backfill"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
)

// BackfillOptions is what a backfill is asked for.
type BackfillOptions struct {
	// From is the audit whose rows are put right: its run's ID or the beginning of
	// one; "" is the newest of the pair.
	From string
	// Asked is the rest; its audit and rows are found here.
	Asked backfill.Asked
	// AnyPrice agrees to whatever it costs.
	AnyPrice bool
}

// NoAuditError says that there are no rows to put right, and nothing that an
// earlier backfill left.
type NoAuditError struct{ Why string }

func (e *NoAuditError) Error() string { return "there is no audit to put right: " + e.Why }

// DearBackfillError says that a backfill costs more than somebody is likely to
// expect, and that nobody agreed to that.
type DearBackfillError struct{ Cost string }

func (e *DearBackfillError) Error() string { return "this backfill costs about " + e.Cost }

// Backfilling is a backfill that is planned and has not run.
type Backfilling struct {
	session  *Session
	access   account.Access
	world    survey.World
	plan     backfill.Plan
	anyPrice bool
}

// Plan is what will run.
func (b *Backfilling) Plan() backfill.Plan { return b.plan }

// Backfill finds the audit, reads what is there and plans. It changes nothing.
// Without an audit it plans what finishes an earlier backfill, which AWS itself
// leads to; where there is none either it fails with a *NoAuditError. Rows that
// are not for this pair are a *backfill.UnfitError.
func (s *Session) Backfill(ctx context.Context, access account.Access, p pair.Pair, options BackfillOptions) (*Backfilling, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return nil, err
	}
	if earlier, err := journal.Last(s.runs, p); err == nil && earlier != nil && !access.Sandbox {
		world.RolePrefix = earlier.Pair.Options.RolePrefix
	}
	asked := options.Asked
	none := s.rowsOf(&asked, p, options.From)
	if none != nil && options.From != "" {
		return nil, none
	}
	found, err := backfill.Prepare(ctx, world, asked)
	if err != nil {
		return nil, err
	}
	if none != nil && found.Nothing() && len(found.Blocked()) == 0 {
		return nil, none
	}
	if found.Looked.All() {
		found.Looked.Proven, found.Looked.By = provenEarlier(s.runs, found.Audit.RunID)
	}
	return &Backfilling{s, access, world, found, options.AnyPrice}, nil
}

// rowsOf takes the rows of an audit for a backfill, or says why there are none.
func (s *Session) rowsOf(asked *backfill.Asked, p pair.Pair, from string) error {
	if asked.Rows != nil {
		return nil
	}
	record, err := s.auditOf(p, from)
	if err != nil {
		return &NoAuditError{err.Error()}
	}
	of := backfill.Audit{RunID: record.Opening.RunID, Pair: record.Started.Pair, Prefix: record.Started.Prefix, Complete: record.Complete()}
	if record.Result != nil {
		of.Finished, of.Why = record.Result.Finished, record.Result.Why
	}
	asked.Audit, asked.Rows = of, record.Differences()
	return nil
}

// auditOf is a named audit, or the newest one of a pair.
func (s *Session) auditOf(p pair.Pair, from string) (*audit.Record, error) {
	if from != "" {
		path, err := journal.Find(s.runs, from)
		if err != nil {
			return nil, err
		}
		return audit.Read(path)
	}
	entries, err := journal.Entries(s.runs)
	if err != nil {
		return nil, err
	}
	for _, e := range slices.Backward(entries) {
		run, is := strings.CutSuffix(e.Name(), audit.RowsExtension)
		if !is {
			continue
		}
		path, err := journal.Find(s.runs, run)
		if err != nil {
			continue
		}
		if record, err := audit.Read(path); err == nil && record.Started.Pair.ID() == p.ID() && (record.Complete() || !journal.Writing(path)) {
			return record, nil
		}
	}
	return nil, fmt.Errorf("none of A %s and B %s is kept on this computer", p.A, p.B)
}

// Run carries the plan out. The pair is locked meanwhile, and what is intended is
// in the journal before the first call. What is left is in the result, and no
// error.
func (b *Backfilling) Run(ctx context.Context, face pair.Emit) (backfill.Result, error) {
	if len(b.plan.Blocked()) > 0 {
		return backfill.Apply(ctx, b.plan, face) // which says why not, and does nothing
	}
	if b.plan.Price.Dear() && !b.anyPrice {
		return backfill.Result{}, &DearBackfillError{b.plan.Price.AtMost()}
	}
	release, err := b.session.hold(b.access, b.plan.Plan, "backfill", face)
	if err != nil {
		return backfill.Result{}, err
	}
	defer release()
	record := b.session.record("backfill", b.access, b.world, face)
	defer record.close()
	record.note(b.plan.Planned())
	return backfill.Apply(ctx, b.plan, func(e pair.Event) {
		if _, often := e.(backfill.Progress); often { // the journal has the job, and how it ended
			record.tell(e)
			return
		}
		record.emit(e)
	})
}

// UndoBackfill plans the removal of all that backfills of a pair left.
func (s *Session) UndoBackfill(ctx context.Context, access account.Access, p pair.Pair, buckets map[pair.SideName]string) (plan.Plan, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return plan.Plan{}, err
	}
	found, err := survey.Read(ctx, world)
	if err != nil {
		return plan.Plan{}, err
	}
	left, err := backfill.Find(ctx, found, buckets)
	if err != nil {
		return plan.Plan{}, err
	}
	undo := plan.Plan{Pair: p, Accounts: found.Accounts(), Purpose: pair.CleanUp, Steps: backfill.Removal(found, left)}
	tellUnread(&undo, left)
	return undo, nil
}

// tellUnread says what could not be looked at.
func tellUnread(of *plan.Plan, left map[pair.Direction]backfill.Found) {
	for _, d := range pair.Directions() {
		for _, what := range left[d].Unread {
			of.Findings = append(of.Findings, survey.Finding{
				Severity: survey.Note, Side: d.From(), Title: "not readable with these credentials: " + what, Meaning: "Whether a backfill left something there is not known.",
			})
		}
	}
}

// withBackfills adds to a tear-down the removal of what backfills left.
func withBackfills(of plan.Plan, found *survey.Survey, left map[pair.Direction]backfill.Found) plan.Plan {
	if len(of.Blocked()) > 0 {
		return of
	}
	if steps := backfill.Removal(found, left); len(steps) > 0 {
		of.Steps = append(steps, of.Steps...)
	}
	tellUnread(&of, left)
	return of
}
