package opened

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bothways/aws/drill/standing"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// KindCompare is the kind of the step that compares both configurations with what
// they were.
const KindCompare step.Kind = "drill-compare"

// Find finds the drills of a surveyed pair that are open, and all that is left of
// them. unread says what could not be looked at.
func Find(ctx context.Context, s *survey.Survey, dir string, own func(path string) bool) (all []Open, unread []string, err error) {
	all = Journals(dir, s.World.Pair, own)
	var places []standing.Place
	var found []standing.Found
	for _, d := range pair.Directions() {
		p := standing.At(s, d, nil)
		f, err := standing.Read(ctx, p)
		if err != nil {
			return nil, nil, err
		}
		places, found, unread = append(places, p), append(found, f), append(unread, f.Unread...)
	}
	return merge(s.World.Pair, all, places, found), unread, nil
}

// Undo are the steps that take back what drills left in AWS, canaries left out:
// policies of drills go off roles, experiments are stopped, and when they have ended the tag, the template and the
// role of each direction go. emit hears of each change.
func Undo(s *survey.Survey, all []Open, emit pair.Emit) []step.Step {
	var steps []step.Step
	for n, o := range all {
		if len(o.Stands) == 0 {
			continue
		}
		one, stops := failing(s, o, emit), make([]string, 0, 2)
		for _, d := range pair.Directions() {
			if !o.pauses {
				continue
			}
			stop := standing.Stop(standing.At(s, d, emit), o.Drill, emit)
			one, stops = append(one, stop), append(stops, stop.ID)
		}
		for _, d := range pair.Directions() {
			if o.pauses {
				one = append(one, standing.Removal(standing.At(s, d, emit), o.Drill, stops...)...)
			}
		}
		steps = append(steps, numbered(one, n)...)
	}
	return steps
}

// failing are the steps that take a drill's policies off the roles that S3 takes.
func failing(s *survey.Survey, o Open, emit pair.Emit) (steps []step.Step) {
	for _, d := range pair.Directions() {
		for n, t := range o.statements[d] {
			one := standing.StatementRemoval(standing.At(s, d, emit), t.Role, o.Drill)
			if n > 0 { // the configuration names another role than it did
				one.ID += "-of-" + t.Role
			}
			steps = append(steps, one)
		}
	}
	return steps
}

// numbered gives the steps of all drills but the first IDs of their own.
func numbered(steps []step.Step, n int) []step.Step {
	if n == 0 {
		return steps
	}
	suffix := fmt.Sprintf("-%d", n+1)
	for i := range steps {
		steps[i].ID += suffix
		steps[i].Needs = slices.Clone(steps[i].Needs)
		for j := range steps[i].Needs {
			steps[i].Needs[j] += suffix
		}
	}
	return steps
}

// Compare is the step that holds both configurations against what they were
// before a drill. It writes nothing over what differs.
func Compare(s *survey.Survey, all []Open, needs []string) step.Step {
	return step.New(step.Deed{
		Call: "GetBucketReplication", CLI: s.World.A.CLI("s3api", "get-bucket-replication", "--bucket", s.World.Pair.A.Bucket) + " && " +
			s.World.B.CLI("s3api", "get-bucket-replication", "--bucket", s.World.Pair.B.Bucket),
		Do: func(ctx context.Context, _ func(string)) (string, error) { return compare(ctx, s, all) },
	}, step.Step{
		ID: string(KindCompare), Kind: KindCompare, Title: "configurations", Change: step.Prove, Target: "both sides", Needs: needs,
		What: "both replication configurations, held against what they were before the drill", Why: "What was paused has to go on as it did.", Undo: "nothing to undo: it only reads",
	})
}

// staleMost is how long what is read right after a pause ended may be what was there
// before: S3 does not say when all of it shows a configuration that changed.
const (
	staleMost  = time.Minute
	staleEvery = 5 * time.Second
)

// compare looks again before it says that somebody changed something.
func compare(ctx context.Context, s *survey.Survey, all []Open) (string, error) {
	for began := time.Now(); ; {
		said, differs, err := compareOnce(ctx, s, all)
		if err != nil || differs == nil {
			return said, err
		}
		if time.Since(began) >= staleMost {
			return said, differs
		}
		if err := standing.Pause(ctx, staleEvery); err != nil {
			return said, err
		}
	}
}

func compareOnce(ctx context.Context, s *survey.Survey, all []Open) (said string, differ, err error) {
	var unknown []string
	var differs []error
	for _, side := range pair.Sides() {
		at, client := s.World.Pair.Side(side), s.World.Clients(side).S3
		now, err := survey.ReadConfiguration(ctx, client, at.Bucket, s.Sides[side].Identity.Account)
		if err != nil {
			return "", nil, err
		}
		document := wanted.Canonical(now.Whole)
		sum := sha256.Sum256([]byte(document))
		known := false
		for _, o := range all { // the newest first
			before, is := o.before[at.Bucket]
			if !is {
				continue
			}
			if known = true; before != hex.EncodeToString(sum[:]) {
				differs = append(differs, fmt.Errorf("the replication configuration of side %s (%s) is not what it was before drill %s; nothing was written over it", side, at, o.Drill))
			}
			break
		}
		if !known {
			unknown = append(unknown, fmt.Sprintf("what side %s had before is not known here: no journal of the drill is on this computer", side))
		}
	}
	if len(differs) > 0 {
		return "bothways doctor says whether the pair replicates", errors.Join(differs...), nil
	}
	if len(unknown) > 0 {
		return strings.Join(unknown, "; "), nil, nil
	}
	return "both are what they were", nil, nil
}
