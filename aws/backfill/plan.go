package backfill

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill/job"
	"bothways/aws/backfill/manifest"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/probe/cost"
)

// Plan is a backfill as it is reviewed: its steps are what runs.
type Plan struct {
	plan.Plan
	Audit Audit
	// Ways are what is replicated, by direction.
	Ways map[pair.Direction]Way
	// Copies and Marks count what is done in place, by the side it is done on.
	Copies, Marks map[pair.SideName]int64
	// Untried counts what is left alone, by its reason.
	Untried map[Reason]int64
	// Consents counts those of them that would be done with a consent.
	Consents map[Consent]int64
	Price    cost.BatchEstimate
	// Looked is what stands by now of what the audit found.
	Looked Looked

	run *run
}

// Way is what is replicated in one direction.
type Way struct {
	Versions, Bytes int64
	// Finishes says that a job of an earlier run is followed to its end, and
	// nothing new is asked for.
	Finishes bool
	JobID    string // of that job, "" where it is not known
}

// Nothing says whether there is nothing to do.
func (p Plan) Nothing() bool { return len(p.Steps) == 0 }

// Alone counts the differences that are left alone.
func (p Plan) Alone() int64 { return Result{Untried: p.Untried}.Alone() }

// run is the state of one backfill: what its steps hand on to each other.
type run struct {
	asked Asked
	s     *survey.Survey
	sorter
	ways map[pair.Direction]*lane
	// copies and marks are how many there are, by side.
	copies, marks map[pair.SideName]int64
	// revived are those copies whose version was deleted on the other side.
	revived map[pair.SideName]int64
	heads   map[pair.SideName]*atomic.Int64 // that were sent

	mu      sync.Mutex
	before  Looked
	settled settled
	looked  int64 // so far, before the plan
	emit    pair.Emit
	result  Result
	placed  map[string]inPlaceOutcome // by side and key: what came of copies and markers
	numbers int64                     // of what is left, so far
}

// lane is one direction's job, as it goes.
type lane struct {
	d      pair.Direction
	found  Found
	order  job.Order
	role   wanted.Direction
	parts  []*part
	finish bool
	same   bool   // what is finished was asked for by the same audit
	asked  string // the digest of all that the audit would have had replicated
	// failed are the causes of tasks that failed, by key and version.
	failed map[string]job.Cause
	lost   int64 // failures beyond those that are kept
	young  bool  // the role is made by this run
}

// part is one manifest with its job.
type part struct {
	n            int
	digest       string
	lines, bytes int64
	standing     Standing // once it stands
	state        job.State
}

// mostCauses bounds how many failures are kept by their version.
const mostCauses = 100_000

// Prepare reads what is there and plans a backfill. It changes nothing.
func Prepare(ctx context.Context, w survey.World, asked Asked) (Plan, error) {
	if err := asked.check(w.Pair); err != nil {
		return Plan{}, err
	}
	s, err := survey.Read(ctx, w)
	if err != nil {
		return Plan{}, err
	}
	found, err := Find(ctx, s, asked.Buckets)
	if err != nil {
		return Plan{}, err
	}
	r := newRun(s, asked, found)
	if r.healthy, err = r.health(ctx); err != nil {
		return Plan{}, err
	}
	p := Plan{Audit: asked.Audit, Ways: map[pair.Direction]Way{}, run: r}
	p.Plan = plan.Plan{Pair: s.World.Pair, Accounts: s.Accounts(), Purpose: pair.Backfill}
	sums, err := r.sumAgain(ctx)
	if err != nil {
		return Plan{}, err
	}
	p.Looked = r.before
	p.Copies, p.Marks, p.Untried, p.Consents = r.copies, r.marks, sums.untried, sums.consents
	var ways []pair.Direction
	buckets, makes := map[pair.SideName]pair.Side{}, map[pair.SideName]bool{}
	for _, d := range pair.Directions() {
		l := r.ways[d]
		if len(l.parts) == 0 {
			continue
		}
		ways = append(ways, d)
		buckets[d.From()], makes[d.From()] = l.found.Bucket, l.found.Own && !l.found.BucketThere
		way := Way{Finishes: l.finish}
		for _, part := range l.parts {
			way.Versions += part.lines
			if j, is := l.found.jobOf(part.standing.Manifest); is && l.finish {
				way.JobID = j.ID
			}
		}
		way.Bytes = sums.bytes[d]
		p.Ways[d] = way
	}
	placed := map[pair.SideName]wanted.InPlace{}
	for _, side := range pair.Sides() {
		placed[side] = wanted.InPlace{Copies: r.copies[side] > 0, Marks: r.marks[side] > 0}
	}
	if err := s.LookAtRights(ctx, wanted.BackfillRights(s, ways, buckets, makes, placed)); err != nil {
		return Plan{}, err
	}
	p.Price = r.price(sums)
	p.Findings = r.findings(p, sums)
	if len(p.Blocked()) == 0 {
		p.Steps = r.steps(sums)
	}
	return p, nil
}

func newRun(s *survey.Survey, asked Asked, found map[pair.Direction]Found) *run {
	if asked.PartSize <= 0 {
		asked.PartSize = usualPart
	}
	if asked.MostTasks <= 0 {
		asked.MostTasks = manifest.MostTasks
	}
	r := &run{
		asked: asked, s: s, ways: map[pair.Direction]*lane{}, placed: map[string]inPlaceOutcome{},
		emit: func(pair.Event) {}, heads: map[pair.SideName]*atomic.Int64{pair.A: {}, pair.B: {}},
	}
	r.sorter = sorter{asked: asked, world: s.World, finish: map[pair.Direction]bool{}, kms: map[pair.Direction]bool{}, covers: r.coveredNow}
	for _, d := range pair.Directions() {
		r.kms[d] = takesKMS(s, d)
		l := &lane{d: d, found: found[d], failed: map[string]job.Cause{}}
		l.order, l.role = order(s, d, l.found.Bucket), wanted.BackfillRole(s, d, l.found.Bucket)
		r.ways[d] = l
	}
	return r
}

// each goes through the rows that something is to be done or said about.
func (r *run) each(ctx context.Context, take func(difference.Difference, work) error) error {
	return r.rows(ctx, func(row int64, d difference.Difference, w work) error {
		switch {
		case marked(r.settled.stands, row):
			return nil
		case w.left != nil:
		case marked(r.settled.other, row):
			t, _ := targetOf(d, w)
			w = replaced(t.to.To())
		case marked(r.settled.unlike, row):
			w = unlikeWork(w)
		}
		return take(d, w)
	})
}

// rows are those that something is to be done or said about, with their numbers.
func (r *run) rows(ctx context.Context, take func(int64, difference.Difference, work) error) error {
	if r.asked.Rows == nil {
		return nil
	}
	row := int64(-1)
	for d, err := range r.asked.Rows {
		row++
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read the audit's rows: %w", err)
		}
		if w, ok := r.of(d); ok && !r.followed(d, w) {
			if err := take(row, d, w); err != nil {
				return err
			}
		}
	}
	return nil
}

// followed says whether a difference is listed by the job of an earlier run that
// this one follows to its end.
func (r *run) followed(d difference.Difference, w work) bool {
	return w.left != nil && w.left.reason == Unproven && r.ways[way(d)].same
}

// Apply carries a plan out that nothing blocks. What is left is no error: the
// result counts it, and each is told by an event.
func Apply(ctx context.Context, p Plan, emit pair.Emit) (Result, error) {
	if blocked := p.Blocked(); len(blocked) > 0 {
		return Result{}, fmt.Errorf("the backfill cannot run: %s. %s", blocked[0].Title, blocked[0].Meaning)
	}
	var lock sync.Mutex
	say := func(e pair.Event) {
		lock.Lock()
		defer lock.Unlock()
		emit(e)
	}
	r := p.run
	r.emit = say
	r.result = Result{At: time.Now(), Stood: r.before.Stand}
	err := step.Apply(ctx, p.Steps, say)
	if ctx.Err() != nil {
		return r.result, err
	}
	if untried := r.sayUntried(ctx); untried != nil && err == nil {
		err = untried
	}
	say(r.result)
	return r.result, err
}

// Planned is the plan's first line in a journal.
func (p Plan) Planned() Planned { return Planned{Pair: p.Pair, Accounts: p.Accounts, Audit: p.Audit} }
