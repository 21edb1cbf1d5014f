package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/probe/wording"
)

// ExamineOptions says how far an examination goes.
type ExamineOptions struct {
	// Canaries writes a tiny object each way, waits for its replica and
	// removes both. Without it nothing is written.
	Canaries bool
	// Keep agrees to canaries that can't be removed again.
	Keep bool
	// Listed bounds how many keys of a side are listed to look at the newest of
	// them; 0: 5,000. What lists everything by itself needs few.
	Listed int
	// Also are troubles that are known from elsewhere.
	Also []Trouble
}

// Examine finds out whether a pair replicates both ways and, where it does
// not, why: it surveys, diagnoses each direction and, where that was agreed
// to, tries each with a canary. It works on pairs that others have set up, and
// changes nothing about them. Events come while it works: ExaminingEvent for
// what it does, then every Trouble, a HealthEvent for each direction and a
// DiagnosisEvent. Its error means that nothing useful could be told.
func Examine(ctx context.Context, w survey.World, options ExamineOptions, emit pair.Emit) (Diagnosis, error) {
	var lock sync.Mutex
	say := func(e pair.Event) {
		lock.Lock()
		defer lock.Unlock()
		emit(e)
	}
	if options.Keep {
		w.Consent |= pair.KeepCanaries
	}
	say(ExaminingEvent{Detail: "reading both buckets, their rules and roles"})
	w.Lenient = true
	found, err := survey.Read(ctx, w)
	if err == nil && options.Canaries { // whether they can be written, and removed again
		err = step.LookAtRights(ctx, found, ofCanaries)
	}
	if err != nil {
		return Diagnosis{}, err
	}
	read := time.Now()
	outcomes := make([]examined, 2)
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for i, d := range pair.Directions() {
		group.Go(func(ctx context.Context) (err error) {
			outcomes[i], err = examine(ctx, found, d, options, say)
			if err != nil {
				return fmt.Errorf("examine %s: %w", d.Arrow(), err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return Diagnosis{}, err
	}
	result := Diagnosis{Survey: found, Health: map[pair.Direction]HealthEvent{}}
	for i, d := range pair.Directions() {
		result.Troubles = append(result.Troubles, outcomes[i].troubles...)
		health := outcomes[i].health
		health.Checks, health.ReadAt = append(outcomes[i].checks, canaryCheck(health, options.Canaries)), read
		result.Health[d] = health
	}
	result.Troubles = withoutRepeats(append(append(result.Troubles, operatorTroubles(found)...), options.Also...))
	sortTroubles(result.Troubles)
	wrong := 0
	for _, t := range result.Troubles {
		say(t)
		if t.Severity != survey.Note {
			wrong++
		}
	}
	doubtful := 0
	for _, d := range pair.Directions() {
		say(result.Health[d])
		if !result.Health[d].State.OK() {
			doubtful++
		}
	}
	say(DiagnosisEvent{Healthy: result.Healthy(), Troubles: wrong, Directions: doubtful})
	return result, nil
}

// examined is the outcome of one direction.
type examined struct {
	troubles []Trouble
	checks   []Check // before any canary
	health   HealthEvent
	// unreadable says that replicas stay with the account that they come from.
	unreadable bool
}

func examine(ctx context.Context, s *survey.Survey, d pair.Direction, options ExamineOptions, say pair.Emit) (examined, error) {
	last := ""
	news := func(detail string) {
		if detail != last { // the same news again is none
			last = detail
			say(ExaminingEvent{Direction: &d, Detail: detail})
		}
	}
	var outcome examined
	p, err := diagnose(ctx, s, d)
	if err != nil {
		return outcome, err
	}
	found, err := p.lookAtObjects(ctx, cmp.Or(options.Listed, mostListed))
	if err != nil {
		return outcome, err
	}
	if err := p.judge(ctx, found); err != nil {
		return outcome, err
	}
	p.tell(ctx, found)
	outcome.troubles, outcome.checks = p.Troubles, p.evidence(found)
	outcome.health = verdict(d, outcome.troubles)
	if !options.Canaries {
		return outcome, nil
	}
	if reason := untriable(s, d); reason != "" { // what was to be proven is not
		outcome.doubt()
		outcome.health.Untried = reason
		outcome.health.Detail += " No canary was written: " + reason + "."
		return outcome, nil
	}
	tried, took, left, err := try(ctx, s, d, nil, 0, news)
	var remains []string
	if left != "" {
		remains = append(remains, left)
	}
	switch {
	case err == nil:
		outcome.unreadable = p.unreadable()
		if tried != types.ReplicationStatusReplica {
			outcome.weigh(tried, took)
			break
		}
		also, err := p.tryAlike(ctx, s, found, news)
		if err != nil {
			return outcome, err
		}
		outcome.troubles = p.Troubles
		remains = append(remains, also.left...)
		if also.failing == "" {
			outcome.weigh(tried, took)
		} else {
			outcome.weigh(also.status, also.took)
			outcome.health.Detail = "A plain canary arrived, and none like " + also.failing + ". " + outcome.health.Detail
		}
		outcome.health.Detail += also.said
	case ctx.Err() != nil || apierror.Expired(err):
		return outcome, err
	default:
		outcome.doubt()
		outcome.health.Detail += " The canary came to no end: " + apierror.Describe(err)
	}
	if outcome.health.Left = strings.Join(remains, "; "); outcome.health.Left != "" {
		outcome.health.Detail += " Canaries were " + outcome.health.Left + "."
	}
	return outcome, nil
}

// doubt is the outcome of a direction that was to be tried, and could not be.
func (w *examined) doubt() {
	if w.health.State == Plausible {
		w.health.State, w.health.Detail = Doubtful, "Nothing is in its way, as far as can be read, but it is not proven."
	}
}

// verdict is what the troubles say of a direction that was not tried.
func verdict(d pair.Direction, troubles []Trouble) HealthEvent {
	health := HealthEvent{Direction: d, State: Plausible, Detail: "Nothing is in its way, as far as can be read. Only a canary proves it."}
	for _, t := range troubles {
		switch {
		case t.Cause == CauseObjects && t.Severity == survey.Warning && health.State == Plausible:
			health.State, health.Detail = Doubtful, "Nothing that can be read is in its way now, and yet "+t.Title+"."
		case t.Severity != survey.Blocker:
		case t.Certainty != Conceivable:
			health.State, health.Detail = Broken, "It does not replicate, as far as can be read: "+t.Title+"."
			return health
		default:
			health.State, health.Detail = Doubtful, "It may not replicate: "+t.Title+"."
		}
	}
	return health
}

// unexplained is what to do when nothing was found.
const unexplained = "Nothing that can be read explains it: look at resource control policies of the organisation and, with object lock, at the rights to write it."

// weigh holds what was tried against what was read.
func (w *examined) weigh(tried types.ReplicationStatus, took time.Duration) {
	switch tried {
	case types.ReplicationStatusReplica:
		w.health.State, w.health.ReplicaMS = Proven, took.Milliseconds()
		w.health.Detail = fmt.Sprintf("A canary was read on the other side after %s.", wording.Duration(took))
		if w.unreadable {
			w.health.Detail = fmt.Sprintf("S3 reported a canary COMPLETED after %s; on the other side its replica can't be read.", wording.Duration(took))
		}
		for i, t := range w.troubles {
			switch {
			case t.Severity != survey.Blocker:
			case t.Certainty == Conceivable: // the canary was just such a request
				w.troubles[i].Severity = survey.Note
				w.troubles[i].Meaning = "A canary arrived, so it does not stand in the way. " + t.Meaning
			default:
				w.troubles[i].Severity = survey.Warning
				w.troubles[i].Meaning = "A canary arrived all the same, so it may concern other objects only. " + t.Meaning
			}
		}
	case types.ReplicationStatusFailed:
		w.health.State = Broken
		w.health.Detail = "A canary read FAILED, which comes without a reason."
		w.explained(unexplained)
	case "":
		w.health.State = Broken
		w.health.Detail = "A canary got no replication status: no rule covers it, or none that is in force yet."
		w.explained("A rule that was written a moment ago takes a while: try again in some minutes.")
	default: // still under way when the time was over
		w.health.State = Doubtful
		w.health.Detail = fmt.Sprintf("A canary still read %s after %s: S3 is slow, or one of the regions is in trouble.", tried, wording.Duration(took))
	}
}

// explained names the first reason found, or says that there is none.
func (w *examined) explained(otherwise string) {
	sortTroubles(w.troubles)
	if len(w.troubles) > 0 && w.troubles[0].Severity == survey.Blocker {
		w.health.Detail += " Most likely: " + w.troubles[0].Title + "."
		return
	}
	w.health.Detail += " " + otherwise
}

// untriable says why no canary can be written, or "".
func untriable(s *survey.Survey, d pair.Direction) string {
	from, to := s.Sides[d.From()], s.Sides[d.To()]
	p := NewCheckup(s, d)
	switch {
	case !s.Reachable(d.From()):
		return s.NotReached(d.From())
	case !s.Reachable(d.To()):
		return s.NotReached(d.To())
	case len(from.Refused)+len(to.Refused) > 0:
		return "what stands there can't be read"
	case from.Replication == nil:
		return "there is no rule"
	case p.Rule == nil:
		return "no rule goes to the other side"
	case s.World.Pair.Options.Prefix != "" && !strings.HasPrefix(s.World.Pair.Options.Prefix, wanted.PrefixOf(*p.Rule)):
		return "no rule covers " + s.World.Pair.Options.Prefix
	}
	return cmp.Or(p.refusedCanary(), p.keptCanary())
}

// try sends one canary under the prefix that the rule covers, made like other
// objects where that is asked for, after so many others. left says what
// of it could not be removed, or is "".
func try(ctx context.Context, s *survey.Survey, d pair.Direction, like func(*s3.PutObjectInput), before int32, news func(string)) (status types.ReplicationStatus, took time.Duration, left string, err error) {
	p := NewCheckup(s, d)
	world := p.under()
	c := step.Canary{
		World: world, Direction: d, Owners: s.Accounts(), Sent: &step.Canaries{}, Upload: p.canary().Headers,
		Unreadable: p.unreadable(),
	}
	defer func() {
		if left = c.Tidy(ctx); left != "" {
			news(left)
		}
	}()
	c.Like = like
	c.Sent.Tries.Store(before) // no key is used twice
	attempt := int(c.Sent.Tries.Add(1))
	news("writing the canary " + c.Key(attempt))
	object, err := c.Write(ctx, attempt)
	if err != nil {
		return "", 0, "", err
	}
	start := time.Now()
	status, err = c.Watch(ctx, object, step.StartWatch(ctx), news)
	return status, time.Since(start), "", err
}

// withoutRepeats leaves out what both directions say of the same thing.
func withoutRepeats(all []Trouble) []Trouble {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(t Trouble) bool {
		words := string(t.Side) + t.Words()
		repeated := seen[words]
		seen[words] = true
		return repeated
	})
}

// operatorTroubles says what these credentials could not see.
func operatorTroubles(s *survey.Survey) []Trouble {
	var all []Trouble
	for _, name := range pair.Sides() {
		if side := s.Sides[name]; len(side.Unread) > 0 {
			all = append(all, Trouble{
				Severity: survey.Note, Side: name, Cause: CauseOperator, Certainty: Certain, Missing: strings.Join(side.Unread, ", "),
				Title: "not readable with these credentials: " + strings.Join(side.Unread, ", "), Meaning: "Whether it lies in the way is unknown.",
			})
		}
	}
	return all
}
