package session

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"bothways/aws/audit"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/inventory"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// byAthena has Athena compare the lists of an audit. What it may cost comes
// first: a *athena.DearError says that nobody agreed to it.
func (s *Session) byAthena(ctx context.Context, config *audit.Config, options AuditOptions, lists inventory.Lists, earlier athena.Record, told pair.Emit) (listed, error) {
	asking := options.Athena
	if earlier.Plan != nil { // as it began, for its answers count by that
		asking = &earlier.Plan.Asking
	}
	plan := athena.PlanOf(config.World.Pair, lists, *asking)
	queries := queriesOf(config.World, plan)
	if config.Resume != nil {
		queries.RunID, queries.Earlier = config.Resume.Opening.RunID, earlier.Queries
	}
	queries.Told = told
	var err error
	if plan.Notes, err = queries.CheckWorkgroup(ctx, plan.Price.Scanned/max(1, plan.Price.Queries)); err != nil {
		return listed{}, err
	}
	if plan.Price.Dear() && !options.AnyPrice && earlier.Plan == nil {
		return listed{}, &athena.DearError{Plan: plan}
	}
	comparison := athena.Comparison{Queries: queries, Lists: lists, Prefix: options.Prefix, A: asking.A, B: asking.B, Slices: plan.Slices}
	config.Source = comparison.Source
	return listed{&lists, &plan, s.takeAway(ctx, config.World, config.Resume)}, nil
}

// queriesOf asks Athena as a plan says.
func queriesOf(world survey.World, plan athena.Plan) *athena.Queries {
	return &athena.Queries{
		Client: world.Clients(plan.Side).Athena, Region: plan.Region, Workgroup: plan.Workgroup, Output: plan.Output, Database: plan.Database, RunID: world.RunID,
	}
}

// mostLeft bounds how many earlier runs are looked at.
const mostLeft = 50

// takeAway stops and drops what earlier audits of the same pair left in Athena
// that were cut off, but for the one that is gone on with.
func (s *Session) takeAway(ctx context.Context, world survey.World, goesOn *audit.Record) []athena.Left {
	entries, err := os.ReadDir(s.runs)
	if err != nil {
		return nil // without journals nothing is known of earlier runs
	}
	var all []athena.Left
	looked := 0
	for _, e := range slices.Backward(entries) {
		run, is := strings.CutSuffix(e.Name(), audit.RowsExtension)
		path := filepath.Join(s.runs, run+journal.Extension)
		if !is || journal.Writing(path) || goesOn != nil && goesOn.Path == path {
			continue
		}
		if looked++; looked > mostLeft {
			break
		}
		was, err := athena.Read(path)
		if err != nil || was.Plan == nil || !was.Leaves() {
			continue // a journal that can't be read is told of elsewhere
		}
		if left, mine := takeAwayOf(ctx, world, path, was); mine {
			all = append(all, left)
		}
	}
	return all
}

// takeAwayOf takes away what one run left. mine says whether it was of this pair.
func takeAwayOf(ctx context.Context, world survey.World, path string, was athena.Record) (left athena.Left, mine bool) {
	earlier, err := audit.Read(path)
	if err != nil || earlier.Started.Pair.A != world.Pair.A || earlier.Started.Pair.B != world.Pair.B {
		return left, false
	}
	j, err := journal.Append(path)
	if err != nil {
		return left, false // somebody goes on with it
	}
	queries := queriesOf(world, *was.Plan)
	var failed error
	queries.RunID, queries.Told = earlier.Opening.RunID, func(e pair.Event) { failed = errors.Join(failed, j.Record(e)) }
	left = queries.TakeAway(ctx, was)
	if err := errors.Join(failed, j.Close()); err != nil {
		left.Failed = append(left.Failed, "its journal could not be written: "+err.Error())
	}
	return left, !left.Nothing()
}
