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

// weekSide is one side of a pair in the test of a week, with what the test
// itself knows of it.
type weekSide struct {
	bucket, region string
	other          *weekSide
	rules          []weekRule
	role           string          // of the configuration, "" for no configuration
	held           map[string]bool // roles that any configuration ever had
	roles          []since[string]
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
	prefix, tag string
	priority    int32
	enabled     bool
	markers     bool
}

// written is a version that the test wrote.
type written struct {
	side        *weekSide
	key, id     string
	marker      bool
	eligible    bool
	erasedHere  bool // by version id, at the origin
	erasedThere bool
}

// week drives both sides by random and checks what comes of it.
type week struct {
	*world
	draw     *rand.Rand
	sides    [2]*weekSide
	versions map[string]*written
	rights   map[string][]string // by role
	granted  map[string][]since[[]string]
	obstacle []func()
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
				for range 600 {
					pass(time.Duration(w.draw.Int64N(int64(33 * time.Minute))))
					w.act()
				}
				for _, lift := range w.obstacle {
					lift()
				}
				pass(24 * time.Hour)
				w.check()
			})
		})
	}
}

func newWeek(t *testing.T, seed uint64) *week {
	w := &week{
		world: newWorld(t, sandbox.Options{NoDistance: true, Seed: seed + 1}),
		draw:  rand.New(rand.NewPCG(seed, 77)), versions: map[string]*written{}, rights: map[string][]string{},
		granted: map[string][]since[[]string]{},
	}
	w.sides[0] = &weekSide{bucket: "side-a", region: ireland, held: map[string]bool{}}
	w.sides[1] = &weekSide{bucket: "side-b", region: singapore, held: map[string]bool{}}
	w.sides[0].other, w.sides[1].other = w.sides[1], w.sides[0]
	for _, side := range w.sides {
		w.bucket(side.bucket, side.region)
	}
	// Half of the weeks have roles that lack a right.
	for i := range 4 {
		name := fmt.Sprint("role-", i)
		actions := slices.Clone(allActions)
		if seed%2 == 1 && i > 1 {
			actions = slices.DeleteFunc(actions, func(a string) bool { return a == allActions[2+w.draw.IntN(5)] })
		}
		w.note(w.role(name, actions...), actions)
	}
	for _, side := range w.sides {
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
		w.obstacle[at]()
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
	out, err := w.s3(side.region).PutObject(w.Context(), in)
	if !w.reach(err) {
		return
	}
	w.versions[*out.VersionId] = &written{
		side: side, key: *in.Key, id: *out.VersionId, eligible: side.eligible(*in.Key, tag, false),
	}
}

func (w *week) deleteSomething(side *weekSide) {
	key := w.key()
	out, err := w.s3(side.region).DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: &side.bucket, Key: &key})
	if !w.reach(err) {
		return
	}
	w.versions[*out.VersionId] = &written{
		side: side, key: key, id: *out.VersionId, marker: true, eligible: side.eligible(key, "", true),
	}
}

// any picks a version; maps have no order, so that ids are sorted first.
func (w *week) any() *written {
	ids := make([]string, 0, len(w.versions))
	for id := range w.versions {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return w.versions[ids[w.draw.IntN(len(ids))]]
}

func (w *week) eraseSomething() {
	v := w.any()
	if v == nil {
		return
	}
	at := v.side
	if w.chance(50) {
		at = at.other
	}
	_, err := w.s3(at.region).DeleteObject(w.Context(), &s3.DeleteObjectInput{Bucket: &at.bucket, Key: &v.key, VersionId: &v.id})
	if !w.reach(err) {
		return
	}
	if at == v.side {
		v.erasedHere = true
	} else {
		v.erasedThere = true
	}
}

func (w *week) editSomething() {
	v := w.any()
	if v == nil || v.marker {
		return
	}
	at := v.side
	if w.chance(50) {
		at = at.other
	}
	_, err := w.s3(at.region).PutObjectTagging(w.Context(), &s3.PutObjectTaggingInput{
		Bucket: &at.bucket, Key: &v.key, VersionId: &v.id,
		Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("colour"), Value: aws.String("red")}}},
	})
	if c := code(err); c != "NoSuchVersion" && c != "NoSuchKey" {
		w.reach(err)
	}
}

// eligible is the test's own reading of the rules: the enabled rule of highest
// priority that fits.
func (s *weekSide) eligible(key, tag string, marker bool) bool {
	var best *weekRule
	for i, r := range s.rules {
		if !r.enabled || !strings.HasPrefix(key, r.prefix) || r.tag != "" && r.tag != tag {
			continue
		}
		if best == nil || r.priority > best.priority {
			best = &s.rules[i]
		}
	}
	return best != nil && (!marker || best.markers)
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
	var mine []weekRule
	var theirs []types.ReplicationRule
	for i := range 1 + w.draw.IntN(3) {
		r := weekRule{
			prefix: prefixes[w.draw.IntN(len(prefixes))], priority: int32(10*w.draw.IntN(4) + i),
			enabled: w.chance(85), markers: w.chance(60),
		}
		if w.chance(25) {
			r.tag, r.markers = "red", false
		}
		mine, theirs = append(mine, r), append(theirs, r.document(i, side.other.bucket, w.chance(70)))
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
func (s *weekSide) use(role string) {
	s.role = role
	s.held[role] = true
	s.roles = append(s.roles, since[string]{time.Now(), role})
}

func (r weekRule) document(i int, to string, modifications bool) types.ReplicationRule {
	out := rule(to)
	out.ID, out.Priority = aws.String(fmt.Sprint("rule-", i)), &r.priority
	out.Filter = &types.ReplicationRuleFilter{Prefix: &r.prefix}
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
	if !modifications {
		out.SourceSelectionCriteria = nil
	}
	return out
}

// replaceRole takes a role's policy away for good and grants it again: what
// S3 does meanwhile fails.
func (w *week) replaceRole(side *weekSide) {
	if side.role == "" {
		return
	}
	name := side.role[strings.LastIndexByte(side.role, '/')+1:]
	_, err := w.iam().DeleteRolePolicy(w.Context(), &iam.DeleteRolePolicyInput{RoleName: &name, PolicyName: aws.String("rights")})
	must(w, 0, err)
	before := w.rights[side.role]
	w.note(side.role, nil)
	w.sides[0].held["revoked"], w.sides[1].held["revoked"] = true, true
	pass(time.Duration(w.draw.Int64N(int64(time.Minute))))
	w.grant(name, before...)
	w.note(side.role, before)
}

func (w *week) obstruct() {
	side := w.side()
	var lift func()
	switch w.draw.IntN(3) {
	case 0:
		lift = w.sandbox.Outage(side.region)
	case 1:
		lift = w.sandbox.CutDirection(side.region, side.other.region)
	default:
		lift = w.sandbox.PauseReplication(sandbox.Pause{Bucket: side.bucket, Prefixes: []string{"x/"}})
	}
	w.obstacle = append(w.obstacle, lift)
}
