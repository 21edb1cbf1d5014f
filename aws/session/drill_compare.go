package session

import (
	"context"
	"fmt"
	"time"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/cause"
	"bothways/aws/audit/difference"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// comparing audits a drill's prefix.
func (s *Session) comparing(access account.Access, world survey.World, scope record.Scope) func(context.Context, record.Moment) (record.Compared, error) {
	var ended time.Time // the first comparison after the fault
	return func(ctx context.Context, m record.Moment) (record.Compared, error) {
		about := cause.Options{Runs: s.runs}
		if access.Sandbox { // a private one has no past
			about.Runs = ""
		}
		judge := cause.NewLater(world, about)
		if m == record.After && ended.IsZero() {
			ended = time.Now()
		}
		found := differing{pair: scope.Pair, moment: m, ended: ended}
		result, err := audit.Run(ctx, audit.Config{
			World: world, Prefix: scope.Prefix, Owners: scope.Accounts, Judge: judge.Judge, Heads: judge.Heads, Notes: judge.Notes,
		}, func(e pair.Event) {
			if d, is := e.(difference.Difference); is {
				found.take(d)
			}
		})
		compared := found.compared()
		compared.Prefix, compared.At, compared.Whole = scope.Prefix, time.Now(), result.Complete
		compared.Versions = result.Tally.VersionsA + result.Tally.VersionsB
		if compared.Clean = compared.Clean && err == nil && result.Complete; compared.Why == "" {
			compared.Why = result.Why
		}
		return compared, err
	}
}

// differing gathers what a comparison of a drill finds.
type differing struct {
	pair   pair.Pair
	moment record.Moment
	ended  time.Time // what is older was written before the fault ended; zero before that
	tally  difference.Tally
	moving map[pair.Direction]record.Amount // on their way
	held   int64                            // of them, those that the fault held
	// named are the first that were found; unlisted counts the rest.
	named    []record.Differing
	unlisted int64
}

// take takes a difference. What the drill writes itself it counts itself.
func (f *differing) take(d difference.Difference) {
	if f.pair.Wrote(d.Key) {
		return
	}
	f.tally.Add(d)
	if on := d.Entry(); len(f.named) < record.MostDifferences {
		one := record.Differing{Key: d.Key, Version: on.VersionID, Verdict: string(d.Verdict)}
		switch {
		case d.A == nil:
			one.On = pair.B
		case d.B == nil:
			one.On = pair.A
		}
		f.named = append(f.named, one)
	} else {
		f.unlisted++
	}
	if d.Verdict != difference.InFlight || d.Direction == nil {
		return
	}
	if f.moving == nil {
		f.moving = map[pair.Direction]record.Amount{}
	}
	e, sum := d.Entry(), f.moving[*d.Direction]
	f.moving[*d.Direction] = record.Amount{Versions: sum.Versions + 1, Bytes: sum.Bytes + e.Size}
	if f.moment == record.During || f.moment == record.After && e.Modified.Before(f.ended) {
		f.held++
	}
}

// compared says what was found. What is on its way is missing on the other side all
// the same; it keeps the sides from holding the same where the fault held it, while
// new writes are always on their way.
func (f *differing) compared() record.Compared {
	c := record.Compared{Differences: f.named, Unlisted: f.unlisted, Moment: f.moment, Counts: map[string]int64{}, Missing: map[pair.Direction]record.Amount{}}
	for verdict, count := range f.tally.Verdicts {
		c.Counts[string(verdict)] = count.Versions
	}
	for _, d := range pair.Directions() {
		wrong, moving := f.tally.Directions[d], f.moving[d]
		if sum := (record.Amount{Versions: wrong.Versions + moving.Versions, Bytes: wrong.Bytes + moving.Bytes}); sum.Versions > 0 {
			c.Missing[d] = sum
		}
	}
	wrong, open := f.tally.Of(difference.Wrong).Versions, f.tally.Of(difference.Open).Versions
	c.Clean = wrong == 0 && open == 0 && f.held == 0
	switch {
	case wrong > 0:
		c.Why = fmt.Sprintf("%d versions differ", wrong)
	case open > 0:
		c.Why = fmt.Sprintf("of %d versions it is not known whether they are the same", open)
	case f.held > 0:
		c.Why = fmt.Sprintf("%d versions have not arrived on the other side", f.held)
	}
	return c
}
