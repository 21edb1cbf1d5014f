package sandbox_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// weekSide is a bucket in the test of a week, with what the test itself knows
// of it. The third one is only replicated to.
type weekSide struct {
	bucket, region string
	other          *weekSide
	rules          []weekRule
	roles          []since[string] // of the configuration, "" for no configuration
}

// since is what something is from an instant on.
type since[T any] struct {
	at   time.Time
	what T
}

// asOf returns what holds at an instant, of a history in order.
func asOf[T any](history []since[T], at time.Time) (what T) {
	for _, s := range history {
		if s.at.After(at) {
			break
		}
		what = s.what
	}
	return what
}

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

// written is a version that the test wrote.
type written struct {
	side    *weekSide
	key, id string
	marker  bool
	kms     bool
	class   types.StorageClass
	wanted  map[*weekSide]weekRule // what it is replicated by, at the time of writing
	erased  map[*weekSide]bool     // by version id
	edit    *edited                // the last one of the origin
	foreign bool                   // edited elsewhere than at the origin
}

// edited is a change of the colour of a version at its origin.
type edited struct {
	colour  string
	carried map[*weekSide]bool
}

// week drives both sides by random and checks what comes of it.
type week struct {
	*world
	draw     *rand.Rand
	sides    [3]*weekSide
	versions map[string]*written
	order    []*written
	rights   map[string][]string // by role
	granted  map[string][]since[[]string]
	events   []sandbox.Event
	tagless  bool        // a role may not read tags
	obstacle []*obstacle // those that stand
	past     []*obstacle // all
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

// note keeps what a role may do from now on.
func (w *week) note(role string, actions []string) {
	w.rights[role] = actions
	w.granted[role] = append(w.granted[role], since[[]string]{time.Now(), actions})
}

func TestAWeekOfRandomWorkKeepsTheInvariants(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWeek(t, seed)
				for range 800 {
					pass(time.Duration(w.draw.Int64N(int64(25 * time.Minute))))
					w.act()
				}
				for _, o := range w.obstacle {
					o.end()
				}
				pass(24 * time.Hour)
				w.check()
			})
		})
	}
}

func newWeek(t *testing.T, seed uint64) *week {
	w := &week{
		draw: rand.New(rand.NewPCG(seed, 77)), versions: map[string]*written{}, rights: map[string][]string{},
		granted: map[string][]since[[]string]{},
	}
	w.world = newWorld(t, sandbox.Options{
		NoDistance: true, Seed: seed + 1, OnEvent: func(e sandbox.Event) { w.events = append(w.events, e) },
	})
	w.sides = [3]*weekSide{{bucket: "side-a", region: ireland}, {bucket: "side-b", region: singapore}, {bucket: "side-c", region: "us-west-2"}}
	w.sides[0].other, w.sides[1].other = w.sides[1], w.sides[0]
	for _, side := range w.sides {
		w.bucket(side.bucket, side.region)
	}
	// Half of the weeks have roles that lack a right.
	for i := range 4 {
		name := fmt.Sprint("role-", i)
		actions := slices.Clone(kmsActions)
		if seed%2 == 1 && i > 1 {
			lacking := allActions[2+w.draw.IntN(5)]
			actions = slices.DeleteFunc(actions, func(a string) bool { return a == lacking })
			w.tagless = w.tagless || lacking == "s3:GetObjectVersionTagging"
		}
		w.note(w.role(name, actions...), actions)
	}
	for _, side := range w.sides[:2] {
		w.configure(side)
	}
	return w
}

func (w *week) chance(percent int) bool { return w.draw.IntN(100) < percent }

func (w *week) side() *weekSide { return w.sides[w.draw.IntN(2)] }

func (w *week) act() {
	switch n := w.draw.IntN(100); {
	case n < 50:
		w.putSomething(w.side())
	case n < 64:
		w.deleteSomething(w.side())
	case n < 68:
		w.eraseSomething()
	case n < 80:
		w.editSomething()
	case n < 86:
		w.configure(w.side())
	case n < 88:
		w.replaceRole(w.side())
	case len(w.obstacle) == 0 || len(w.obstacle) < 3 && n < 91:
		w.obstruct()
	default:
		at := w.draw.IntN(len(w.obstacle))
		w.obstacle[at].end()
		w.obstacle = slices.Delete(w.obstacle, at, at+1)
	}
}

var prefixes = []string{"", "x/", "y/", "x/deep/"}

func (w *week) key() string {
	return prefixes[w.draw.IntN(len(prefixes))] + fmt.Sprint("key-", w.draw.IntN(6))
}

// reach tries an operation, which a region that is out refuses.
func (w *week) reach(err error) bool {
	if code(err) == "ServiceUnavailable" {
		return false
	}
	if err != nil {
		w.Fatal(err)
	}
	return true
}

func (w *week) putSomething(side *weekSide) {
	in := &s3.PutObjectInput{Bucket: &side.bucket, Body: strings.NewReader(fmt.Sprint(w.draw.Uint64())), Key: aws.String(w.key())}
	tag := []string{"", "red", "blue"}[w.draw.IntN(3)]
	if tag != "" {
		in.Tagging = aws.String("colour=" + tag)
	}
	v := &written{side: side, key: *in.Key, kms: w.chance(20)}
	if v.kms {
		in.ServerSideEncryption, in.SSEKMSKeyId = types.ServerSideEncryptionAwsKms, aws.String("arn:aws:kms:"+side.region+":000000000000:key/origin")
	}
	if w.chance(25) {
		v.class = []types.StorageClass{types.StorageClassStandardIa, types.StorageClassGlacier, types.StorageClassGlacierIr}[w.draw.IntN(3)]
		in.StorageClass = v.class
	}
	out, err := w.s3(side.region).PutObject(w.Context(), in)
	if !w.reach(err) {
		return
	}
	v.id, v.erased, v.wanted = *out.VersionId, map[*weekSide]bool{}, side.replicatedBy(v, tag)
	w.versions[v.id], w.order = v, append(w.order, v)
}

func (w *week) deleteSomething(side *weekSide) {
	v := &written{side: side, key: w.key(), marker: true, erased: map[*weekSide]bool{}}
	out, err := w.s3(side.region).DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: &side.bucket, Key: &v.key})
	if !w.reach(err) {
		return
	}
	v.id, v.wanted = *out.VersionId, side.replicatedBy(v, "")
	w.versions[v.id], w.order = v, append(w.order, v)
}

// any picks a version of those that were written. Ids are random, so that the
// order of writing alone can be repeated.
func (w *week) any() *written {
	if len(w.order) == 0 {
		return nil
	}
	return w.order[w.draw.IntN(len(w.order))]
}

func (w *week) eraseSomething() {
	v := w.any()
	if v == nil {
		return
	}
	at := w.sides[w.draw.IntN(3)]
	_, err := w.s3(at.region).DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: &at.bucket, Key: &v.key, VersionId: &v.id})
	if w.reach(err) {
		v.erased[at] = true
	}
}

func (w *week) editSomething() {
	v := w.any()
	if v == nil || v.marker {
		return
	}
	at := v.side
	if w.chance(40) {
		at = w.sides[w.draw.IntN(3)]
	}
	colour := []string{"red", "blue", "green"}[w.draw.IntN(3)]
	_, err := w.s3(at.region).PutObjectTagging(w.Context(), &s3.PutObjectTaggingInput{
		Bucket: &at.bucket, Key: &v.key, VersionId: &v.id,
		Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("colour"), Value: &colour}}},
	})
	if c := code(err); c == "NoSuchVersion" || c == "NoSuchKey" || !w.reach(err) {
		return
	}
	if at != v.side {
		v.foreign = true
		return
	}
	v.edit = &edited{colour, map[*weekSide]bool{}}
	for _, r := range at.rules {
		if r.enabled && strings.HasPrefix(v.key, r.prefix) {
			v.edit.carried[r.to] = true
		}
	}
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
		o.lift = w.sandbox.PauseReplication(sandbox.Pause{Bucket: side.bucket, Prefixes: []string{"x/"}})
		o.holds = func(from, _ *weekSide, key string) bool { return from == side && strings.HasPrefix(key, "x/") }
	}
	w.obstacle, w.past = append(w.obstacle, o), append(w.past, o)
}
