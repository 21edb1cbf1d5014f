package fis

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/store"
)

// assume has FIS act in the role of an experiment. FIS says for whom it does so,
// which trust policies should ask for (AWS FIS User Guide, IAM roles for
// experiments, and Confused deputy prevention).
func (a *API) assume(e *experiment) (replicate.May, *Failure) {
	may, err := a.Assume(e.Plan.RoleARN, map[string]string{"aws:SourceAccount": e.Account, "aws:SourceArn": e.ARN()})
	if err != nil {
		return nil, &Failure{Code: authorizationFailure, Location: "Experiment role", reason: "AWS FIS can't assume the role " + e.Plan.RoleARN + ": " + words(err)}
	}
	return may, nil
}

// lacks is the failure of a role that lacks a right.
func lacks(location, action, resource string) *Failure {
	return &Failure{Code: authorizationFailure, Location: location, reason: "The experiment role is not authorized to perform: " + action + " on resource: " + resource}
}

// resolve finds the buckets of all targets, as the role may (AWS FIS User Guide,
// Actions reference). The guide's example policy has s3:ListBucket in the place
// of s3:ListAllMyBuckets; here the reference counts, as the stricter one.
func (a *API) resolve(e *experiment, may replicate.May) *Failure {
	e.Resolved = nil
	used := map[string]bool{}
	for _, action := range e.Plan.Actions {
		used[action.Targets[targetKey]] = true
	}
	draw := rand.New(rand.NewPCG(a.Seed, uint64(e.Created.UnixNano())))
	for _, name := range e.targets() {
		target, location := e.Plan.Targets[name], "Target: "+name
		for _, action := range []string{"tag:GetResources", "s3:ListAllMyBuckets"} {
			if !may(action, "*", nil) {
				return lacks(location, action, "*")
			}
		}
		var found []string
		for _, b := range a.Store.Owned(e.Account) {
			if b.Region == e.Region && target.fits(b) {
				found = append(found, b.Name)
			}
		}
		slices.Sort(found)
		found = target.choose(found, draw)
		switch {
		case len(found) == 0 && used[name] && e.Plan.Options.EmptyTargets == "fail":
			return &Failure{Code: invalidTarget, Location: location, reason: "Target resolution returned empty set"}
		case len(found) > mostBuckets:
			return &Failure{Code: quotaExceeded, Location: location, reason: "Target resolution returned more buckets than the quota of 20 for " + pauseAction}
		}
		for _, bucket := range found {
			e.Resolved = append(e.Resolved, Resolved{name, bucket})
		}
	}
	return nil
}

// mayPause checks that the role may pause what an action is about, and that there
// is something to pause: what AWS does where there is not is undocumented. The
// pause is a write of the replication configuration that is marked as such:
// s3:IsReplicationPauseRequest is a key of PutReplicationConfiguration alone
// (Service Authorization Reference), so a policy with BoolIfExists lets FIS
// read it, and one with Bool does not.
func (a *API) mayPause(e *experiment, name string, buckets []string, order pauseOrder) *Failure {
	location := "Action: " + name
	may, failure := a.assume(e)
	if failure != nil {
		return failure
	}
	for _, bucket := range buckets {
		b, found := a.Store.Bucket(bucket)
		if !found {
			return &Failure{Code: invalidTarget, Location: location, reason: "The bucket " + bucket + " is not there any more"}
		}
		switch {
		case !may("s3:PauseReplication", b.ARN(), map[string]string{"s3:DestinationRegion": order.region}):
			return lacks(location, "s3:PauseReplication", b.ARN())
		case !may("s3:GetReplicationConfiguration", b.ARN(), nil):
			return lacks(location, "s3:GetReplicationConfiguration", b.ARN())
		case !may("s3:PutReplicationConfiguration", b.ARN(), map[string]string{"s3:IsReplicationPauseRequest": "true"}):
			return lacks(location, "s3:PutReplicationConfiguration", b.ARN())
		case len(a.Engine.Pauses(a.obstacle(e, b, order, time.Time{}), b)) == 0:
			return &Failure{Code: configurationFailure, Location: location, reason: "The bucket " + bucket + " has no enabled replication rule that the parameters describe"}
		}
	}
	return nil
}

// obstacle is what holds the replication of a bucket up.
func (a *API) obstacle(e *experiment, b *store.Bucket, order pauseOrder, begun time.Time) replicate.Obstacle {
	return replicate.Obstacle{
		From: e.Region, To: order.region, Source: b.Name, Destinations: order.destinations,
		Pause: &replicate.Pause{RulePrefixes: order.prefixes, Begun: begun, Tail: a.Tail, Drain: a.Drain, Shows: a.Shows},
	}
}

// hold puts up the pauses of an action that runs, and plans its end.
func (a *API) hold(e *experiment, name string) {
	order, _ := e.Plan.Actions[name].order(name)
	if e.lifts == nil {
		e.lifts, e.timers = map[string][]func(){}, map[string]*time.Timer{}
	}
	run := e.Runs[name]
	for _, bucket := range e.buckets(e.Plan.Actions[name].Targets[targetKey]) {
		if b, found := a.Store.Bucket(bucket); found {
			e.lifts[name] = append(e.lifts[name], a.Engine.Obstruct(a.obstacle(e, b, order, run.Begun)))
		}
	}
	var timer *time.Timer
	a.step(&timer, time.Until(run.Until), func() { a.complete(e, name) })
	e.timers[name] = timer
}

// lift ends the pauses of an action.
func (a *API) lift(e *experiment, name string) {
	for _, lift := range e.lifts[name] {
		lift()
	}
	delete(e.lifts, name)
	if timer := e.timers[name]; timer != nil {
		timer.Stop()
	}
}

// targets are the names of the targets that actions use, sorted.
func (e *Experiment) targets() []string {
	names := make([]string, 0, len(e.Plan.Actions))
	for _, action := range e.Plan.Actions {
		names = append(names, action.Targets[targetKey])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// buckets are those that a target was found to be.
func (e *Experiment) buckets(target string) (names []string) {
	for _, r := range e.Resolved {
		if r.Target == target {
			names = append(names, r.Bucket)
		}
	}
	return names
}

// roleAccount is the account in the ARN of a role.
func roleAccount(arn string) (account string, isRole bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[2] != "iam" || len(parts[4]) != 12 || !strings.HasPrefix(parts[5], "role/") || parts[5] == "role/" {
		return "", false
	}
	return parts[4], true
}
