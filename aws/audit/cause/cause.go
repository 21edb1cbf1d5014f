// Package cause says what became of a version in which the sides differ, why, and
// what puts it right. It asks both sides for that version by HEAD, and holds the
// answers against the rules, the lifecycle rules and the rights of the pair,
// against its own measured times, and against what this computer's journals and
// the roles tell of when the rules stood. It changes nothing.
//
// What can't be told is difference.Unknown, or has the cause
// difference.Undetermined, with the reason as its evidence.
package cause

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
)

// Options say what else is known of a pair.
type Options struct {
	// Runs is the folder of this computer's journals; "" has none, as for a
	// sandbox that begins with the run.
	Runs string
}

// Judge tells causes for one pair. Its methods may be called from many
// goroutines.
type Judge struct {
	read  survey.World
	found *survey.Survey
	world world
	notes []string

	heads, reads atomic.Int64

	seen      witnesses
	searching chan struct{} // has room for the one who searches
	searches  int           // so far
	copies    map[copyOf]copied
}

// examined keys of a side are enough for the doctor here: what became of those that
// differ is asked for one by one, and a page takes the SDK tens of milliseconds of a
// processor and megabytes.
const examined = 1000

// New reads what the judgements stand on, once: both buckets, their rules and
// roles, as the doctor examines them without canaries, and the journals. Its error
// means that nothing useful could be read.
func New(ctx context.Context, w survey.World, o Options) (*Judge, error) {
	diagnosis, err := examine(ctx, w)
	if err != nil {
		return nil, err
	}
	s := diagnosis.Survey
	j := &Judge{searching: make(chan struct{}, 1), read: w, found: s, world: world{prefix: w.Pair.Options.Prefix, ways: waysOf(s, diagnosis.Troubles), sides: settingsOf(s)}}
	for _, side := range pair.Sides() {
		for _, what := range s.Sides[side].Unread {
			j.notes = append(j.notes, "not readable on side "+string(side)+": "+what)
		}
	}
	earlier, err := readJournals(o.Runs, w.Pair, endpointOf(w))
	if err != nil { // what journals tell is a help
		j.notes = append(j.notes, "what earlier runs on this computer did can't be read: "+err.Error())
	}
	j.copies = earlier.copies
	for _, what := range earlier.unread {
		j.notes = append(j.notes, "a journal of this computer can't be read: "+what)
	}
	for _, d := range pair.Directions() {
		way := j.world.ways[d]
		way.times = timesOf(earlier.took[d], earlier.largest[d], earlier.runs[d])
		way.past = past{deeds: earlier.deeds[d], backfilled: earlier.backfilled}
		way.past.role, way.past.ours = roleOf(s, d)
		j.world.ways[d] = way
	}
	return j, nil
}

// The pauses before a pair is examined again of which something got no answer: all
// causes of an audit stand on it. What still gets none then is noted.
const (
	firstPause = time.Second
	mostPause  = 16 * time.Second
)

func examine(ctx context.Context, w survey.World) (doctor.Diagnosis, error) {
	for pause := firstPause; ; pause *= 2 {
		diagnosis, err := doctor.Examine(ctx, w, doctor.ExamineOptions{Listed: examined}, func(pair.Event) {})
		if err != nil || pause > mostPause {
			return diagnosis, err
		}
		failed := 0
		for _, side := range pair.Sides() {
			failed += diagnosis.Survey.Sides[side].Failed
		}
		if failed == 0 {
			return diagnosis, nil
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return diagnosis, ctx.Err()
		}
	}
}

// Notes are what could not be read, in words: it may hide a cause.
func (j *Judge) Notes() []string { return j.notes }

// Requests counts the HEADs and the other reads that were sent so far.
func (j *Judge) Requests() (heads, others int64) { return j.heads.Load(), j.reads.Load() }

// Judge says what a candidate is that both looks at the listings have shown. Its
// error ends an audit: the context did, or credentials ran out.
func (j *Judge) Judge(ctx context.Context, c difference.Candidate) (difference.Difference, error) {
	f, err := j.ask(ctx, c)
	if err != nil {
		return difference.Difference{Candidate: c}, err
	}
	if c.Kind == difference.OneSided {
		if w, tells := j.world.testify(c.Only(), c.Key, c.Entry(), f[c.Only()]); tells {
			j.seen.add(from(c.Only()), w)
		}
	}
	d := j.world.judge(c, f)
	d.LookedAt = time.Now()
	return d, nil
}

// roleOf is when the role that a direction's rules name was made, and whether
// bothways made it; zero where that is not known.
func roleOf(s *survey.Survey, d pair.Direction) (made time.Time, ours bool) {
	configuration, direction := s.Sides[d.From()].Replication, s.Directions[d]
	if configuration == nil {
		return time.Time{}, false
	}
	switch named := aws.ToString(configuration.Role); {
	case direction.RoleExists && named == direction.RoleARN:
		return direction.Created, true
	case direction.Others != nil && named == direction.Others.ARN:
		return direction.Others.Created, false
	}
	return time.Time{}, false
}

func endpointOf(w survey.World) string {
	if w.A.Endpoint != "" {
		return w.A.Endpoint
	}
	return w.B.Endpoint
}

func (j *Judge) client(side pair.SideName) *s3.Client { return j.read.Clients(side).S3 }
func (j *Judge) bucket(side pair.SideName) *string {
	return aws.String(j.read.Pair.Side(side).Bucket)
}

func (j *Judge) owner(side pair.SideName) *string {
	if account := j.found.Sides[side].Identity.Account; account != "" {
		return &account
	}
	return nil
}
