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

// note keeps what a role may do from now on.
func (w *week) note(role string, actions []string) {
	w.rights[role] = actions
	w.granted[role] = append(w.granted[role], since[[]string]{time.Now(), actions})
}

func TestAWeekOfRandomWorkKeepsTheInvariants(t *testing.T) {
	for seed := range uint64(seeds) {
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
