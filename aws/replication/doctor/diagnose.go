package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
)

// Checkup is one direction whose replication is in question, with all that
// was read of it.
type Checkup struct {
	world     survey.World
	all       *survey.Survey
	direction pair.Direction
	from, to  survey.Side
	// Configuration is that of the side where the direction starts, and rule
	// the one of its rules that is looked at; both may be nil.
	Configuration *types.ReplicationConfiguration
	Rule          *types.ReplicationRule
	// sourceKey is the KMS key that objects on the starting side are most
	// likely encrypted with, as an ARN, or "".
	sourceKey string
	Role      RoleFacts
	// Alone says that only what Rule needs is asked for, whichever other rules
	// are in force.
	Alone bool
	// serves holds, of needs for which another action does as well, those that
	// the role's own policies allow.
	serves map[string][]string

	// ruled counts the rights of the role that were judged, byPolicies says that
	// its policies were read for it, where IAM refused to simulate.
	ruled      int
	byPolicies bool

	Troubles []Trouble
	// example is the key of the object in question; "" is any that the rule covers.
	example string
}

// NewCheckup begins the check-up of direction d with what a survey found.
func NewCheckup(s *survey.Survey, d pair.Direction) *Checkup {
	p := &Checkup{world: s.World, all: s, direction: d, from: s.Sides[d.From()], to: s.Sides[d.To()]}
	p.Configuration = p.from.Replication
	if p.Configuration != nil {
		p.Rule = p.choose(p.Configuration.Rules)
	}
	p.sourceKey = p.findSourceKey()
	return p
}

// diagnose looks for what keeps a direction from replicating: role, trust,
// policy, bucket policies, KMS and versioning, then the rule and the buckets'
// other settings. It reads, and changes nothing.
//
// What is missing or can't be read hides nothing of the rest: each look says
// what it can with what there is.
func diagnose(ctx context.Context, s *survey.Survey, d pair.Direction) (*Checkup, error) {
	p := NewCheckup(s, d)
	p.bucketsThere()
	p.versioning()
	p.objectLock()
	p.lifecycle()
	if !p.known(d.From()) || p.refused(d.From(), "s3:GetReplicationConfiguration") {
		return p, nil // its rules and its role are unknown
	}
	if p.rules() {
		p.otherRules()
		p.encryption()
		p.ownership()
		p.lifecycles()
		p.mends()
	}
	if p.Configuration == nil {
		return p, nil
	}
	if err := p.ReadRole(ctx); err != nil {
		if err := ends(ctx, err); err != nil {
			return nil, err
		}
		p.add(Trouble{
			Severity: survey.Note, Side: d.From(), Cause: CauseOperator, Missing: "role", Title: "the role " + p.Role.Name + " could not be read (" + said(err) + ")",
			Meaning: "Whether S3 may take it is unknown.", Todo: "Look again.",
		})
		p.Role.Exists = true // as far as is known; what it may do is asked for by itself
	}
	if err := p.Rights(ctx); err != nil {
		return nil, err
	}
	p.bucketPolicies()
	p.KeyPolicies()
	return p, nil
}

// known says whether a side's bucket is there, so that its settings were read.
func (p *Checkup) known(side pair.SideName) bool {
	found := p.survey(side)
	return found.Exists && found.RealRegion == p.world.Pair.Side(side).Region
}

// refused says whether what a right is for could not be read.
func (p *Checkup) refused(side pair.SideName, right string) bool {
	return slices.ContainsFunc(p.survey(side).Refused, func(refused string) bool { return strings.HasPrefix(refused, right) })
}

// add keeps a trouble of this direction.
func (p *Checkup) add(t Trouble) {
	d := p.direction
	t.Direction = &d
	if t.Certainty == "" {
		t.Certainty = Certain
	}
	p.Troubles = append(p.Troubles, t)
}

func (p *Checkup) fromBucket() string { return p.world.Pair.From(p.direction).Bucket }
func (p *Checkup) toBucket() string   { return p.world.Pair.To(p.direction).Bucket }

func (p *Checkup) toOtherSide(r types.ReplicationRule) bool {
	return r.Destination != nil && aws.ToString(r.Destination.Bucket) == p.world.Pair.To(p.direction).BucketARN()
}

// choose picks the rule that decides about the pair's objects: our own where it
// is switched off, which must not go unsaid; an enabled one to the other side
// that covers them, of the highest priority; or else the one that comes nearest.
func (p *Checkup) choose(rules []types.ReplicationRule) *types.ReplicationRule {
	var best *types.ReplicationRule
	most := -1
	for i, r := range rules {
		if !p.toOtherSide(r) {
			continue
		}
		worth := 0
		switch {
		case wanted.Enabled(r):
			worth += 4
		case aws.ToString(r.ID) == p.world.Pair.RuleID(p.direction):
			worth += 8
		}
		if strings.HasPrefix(p.world.Pair.Options.Prefix, wanted.PrefixOf(r)) {
			worth += 2
		}
		if len(wanted.TagsOf(r)) == 0 {
			worth++
		}
		if worth > most || worth == most && aws.ToInt32(r.Priority) > aws.ToInt32(best.Priority) {
			best, most = &rules[i], worth
		}
	}
	return best
}

// exampleKey is a key that the rule covers.
func (p *Checkup) exampleKey() string {
	if p.example != "" {
		return p.example
	}
	prefix := ""
	if p.Rule != nil {
		prefix = wanted.PrefixOf(*p.Rule)
	}
	if strings.HasPrefix(p.world.Pair.Options.Prefix, prefix) {
		prefix = p.world.Pair.Options.Prefix
	}
	at := p.world.Pair
	at.Options.Prefix = prefix
	return at.CanaryPrefix() + "example"
}

func (p *Checkup) replicatesMarkers() bool {
	if p.Rule == nil {
		return false
	}
	if p.Rule.Filter == nil { // the first schema always does
		return true
	}
	m := p.Rule.DeleteMarkerReplication
	return m != nil && m.Status == types.DeleteMarkerReplicationStatusEnabled
}

// optsIn says whether the rule replicates objects that are encrypted with KMS.
func (p *Checkup) optsIn() bool {
	return p.Rule != nil && p.Rule.SourceSelectionCriteria != nil && p.Rule.SourceSelectionCriteria.SseKmsEncryptedObjects != nil &&
		p.Rule.SourceSelectionCriteria.SseKmsEncryptedObjects.Status == types.SseKmsEncryptedObjectsStatusEnabled
}

// Explain says why a canary of direction d failed: S3 gives no reason. found
// says that what was read explains it.
func Explain(ctx context.Context, w survey.World, d pair.Direction) (found bool, reason error) {
	w.Lenient = true
	s, err := survey.Read(ctx, w)
	var troubles []Trouble
	if err == nil {
		var p *Checkup
		if p, err = diagnose(ctx, s, d); err == nil {
			troubles = p.Troubles
		}
	}
	if err != nil {
		return false, fmt.Errorf("S3 reported FAILED, which is final for that object and comes without a reason; looking for one failed: %w", err)
	}
	sortTroubles(troubles)
	text := "S3 reported FAILED, which is final for that object and comes without a reason."
	for _, t := range troubles {
		if t.Severity == survey.Blocker {
			text += " " + strings.ToUpper(t.Title[:1]) + t.Title[1:] + ". " + t.Todo
			return t.Certainty != Conceivable, errors.New(text)
		}
	}
	return false, errors.New(text + " " + unexplained)
}

// mends words what would put the rule right as lines for the AWS CLI. S3 takes
// only whole configurations, so each line mends all that is wrong with the
// rule: a line for one thing alone would undo the others.
func (p *Checkup) mends() {
	var needed []func(*types.ReplicationRule)
	for i, t := range p.Troubles {
		if p.offOnPurpose() {
			p.Troubles[i].mend = nil
		} else if t.mend != nil {
			needed = append(needed, t.mend)
		}
	}
	for i, t := range p.Troubles {
		if t.mend == nil {
			continue
		}
		p.Troubles[i].CLI, p.Troubles[i].mend = p.rewritten(needed), nil
	}
}

// rewritten is a line for the AWS CLI that writes the configuration as it is
// but for changes of the rule, or "" where that would lose something.
func (p *Checkup) rewritten(changes []func(*types.ReplicationRule)) string {
	if len(p.from.Unknown) > 0 {
		return ""
	}
	configuration := types.ReplicationConfiguration{Role: p.Configuration.Role}
	for i := range p.Configuration.Rules {
		r := p.Configuration.Rules[i]
		if &p.Configuration.Rules[i] == p.Rule {
			destination := *r.Destination
			r.Destination = &destination
			for _, change := range changes {
				change(&r)
			}
		}
		configuration.Rules = append(configuration.Rules, r)
	}
	return p.world.Clients(p.direction.From()).CLI("s3api", "put-bucket-replication", "--bucket", p.fromBucket(),
		"--replication-configuration", wanted.Compact(wanted.ExactJSON(configuration)))
}
