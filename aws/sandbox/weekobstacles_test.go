package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// weekRule is a rule as the test understands it.
type weekRule struct {
	to            *weekSide
	prefix, tag   string
	priority      int32
	enabled       bool
	markers       bool
	modifications bool
	kms, override bool
	class         types.StorageClass
}

// obstacle is what keeps replication back from an instant until another.
type obstacle struct {
	holds       func(from, to *weekSide, key string) bool
	begun, over time.Time
	lift        func()
}

func (o *obstacle) end() {
	o.over = time.Now()
	o.lift()
}

// replicatedBy is the test's own reading of the rules: for each destination
// the enabled rule of highest priority that fits, if that one takes what is
// written.
func (s *weekSide) replicatedBy(v *written, tag string) map[*weekSide]weekRule {
	best := map[*weekSide]weekRule{}
	for _, r := range s.rules {
		if !r.enabled || !strings.HasPrefix(v.key, r.prefix) || r.tag != "" && r.tag != tag {
			continue
		}
		if other, found := best[r.to]; !found || r.priority > other.priority {
			best[r.to] = r
		}
	}
	for to, r := range best {
		if v.marker && !r.markers || v.kms && !r.kms || v.class == types.StorageClassGlacier {
			delete(best, to)
		}
	}
	return best
}

func (w *week) configure(side *weekSide) {
	if w.chance(10) {
		_, err := w.s3(side.region).DeleteBucketReplication(w.Context(), &s3.DeleteBucketReplicationInput{Bucket: &side.bucket})
		if w.reach(err) {
			side.rules = nil
			side.use("")
		}
		return
	}
	first := w.chance(20) // a document of the first schema
	var mine []weekRule
	var theirs []types.ReplicationRule
	for i := range 1 + w.draw.IntN(4) {
		r := weekRule{
			to: side.other, prefix: prefixes[w.draw.IntN(len(prefixes))], priority: int32(10*w.draw.IntN(4) + i),
			enabled: w.chance(85), markers: w.chance(60), modifications: w.chance(70), kms: w.chance(40), override: w.chance(20),
		}
		if w.chance(30) {
			r.to = w.sides[2]
		}
		if w.chance(30) {
			r.class = []types.StorageClass{types.StorageClassStandard, types.StorageClassOnezoneIa}[w.draw.IntN(2)]
		}
		switch {
		case first:
			r.priority, r.markers, r.modifications = 0, true, false
		case w.chance(25):
			r.tag, r.markers = "red", false
		}
		mine, theirs = append(mine, r), append(theirs, r.document(i, first))
	}
	roles := slices.Sorted(func(yield func(string) bool) {
		for arn := range w.rights {
			if !yield(arn) {
				return
			}
		}
	})
	role := roles[w.draw.IntN(len(roles))]
	if w.reach(w.replicate(side.bucket, side.region, role, theirs...)) {
		side.rules = mine
		side.use(role)
	}
}

// use notes the role that the side's configuration has from now on.
func (s *weekSide) use(role string) { s.roles = append(s.roles, since[string]{time.Now(), role}) }

// key is the KMS key of replicas at a side.
func (s *weekSide) key() string { return "arn:aws:kms:" + s.region + ":000000000000:key/replica" }

func (r weekRule) document(i int, first bool) types.ReplicationRule {
	out := rule(r.to.bucket)
	out.ID, out.Priority = aws.String(fmt.Sprint("rule-", i)), &r.priority
	out.Filter = &types.ReplicationRuleFilter{Prefix: &r.prefix}
	out.Destination.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled}
	out.Destination.StorageClass = r.class
	if r.tag != "" {
		out.Filter = &types.ReplicationRuleFilter{And: &types.ReplicationRuleAndOperator{
			Prefix: &r.prefix, Tags: []types.Tag{{Key: aws.String("colour"), Value: &r.tag}},
		}}
	}
	if !r.enabled {
		out.Status = types.ReplicationRuleStatusDisabled
	}
	if !r.markers {
		out.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
	}
	if !r.modifications {
		out.SourceSelectionCriteria = nil
	}
	if r.kms {
		if out.SourceSelectionCriteria == nil {
			out.SourceSelectionCriteria = &types.SourceSelectionCriteria{}
		}
		optIn(r.to.key())(&out)
	}
	if r.override {
		out.Destination.Account = aws.String("000000000000")
		out.Destination.AccessControlTranslation = &types.AccessControlTranslation{Owner: types.OwnerOverrideDestination}
	}
	if first {
		out.Filter, out.Priority, out.DeleteMarkerReplication = nil, nil, nil
		out.Prefix = &r.prefix //nolint:staticcheck // the first schema has nothing else
	}
	return out
}

// replaceRole takes a role's policy away for a while: what S3 does meanwhile
// fails.
func (w *week) replaceRole(side *weekSide) {
	role := asOf(side.roles, time.Now())
	if role == "" {
		return
	}
	name := role[strings.LastIndexByte(role, '/')+1:]
	_, err := w.iam().DeleteRolePolicy(w.Context(), &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String("rights")})
	must(w, 0, err)
	before := w.rights[role]
	w.note(role, nil)
	for range 3 {
		w.putSomething(side)
		w.editSomething()
	}
	pass(time.Duration(w.draw.Int64N(int64(time.Minute))))
	w.grant(name, before...)
	w.note(role, before)
}

func (w *week) obstruct() {
	side, third := w.side(), w.sides[2]
	o := &obstacle{begun: time.Now()}
	outage := func(region string) {
		o.lift = w.sandbox.Outage(region)
		o.holds = func(from, to *weekSide, _ string) bool { return from.region == region || to.region == region }
	}
	switch w.draw.IntN(4) {
	case 0:
		outage(side.region)
	case 1:
		outage(third.region)
	case 2:
		o.lift = w.sandbox.CutDirection(side.region, side.other.region)
		o.holds = func(from, to *weekSide, _ string) bool { return from == side && to == side.other }
	default:
		o.lift = w.inject(sandbox.Fault{Kind: "pause", Bucket: side.bucket, Prefix: "x/"})
		o.holds = func(from, _ *weekSide, key string) bool { return from == side && strings.HasPrefix(key, "x/") }
	}
	w.obstacle, w.past = append(w.obstacle, o), append(w.past, o)
}
