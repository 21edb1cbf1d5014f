package cause_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit"
	"bothways/aws/audit/cause"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

// Weeks of a pair are made up from a seed, with everything that can become of a
// version among keys of any shape, and audited while both sides are written to, with
// faults of the wire. What is told must be what was made, with its cause, and no
// more. CAUSE_SEEDS=1-200 tries others.
func TestMadeUpWorldsAreToldAsTheyWereMade(t *testing.T) {
	first, last := uint64(1), uint64(3)
	if text := os.Getenv("CAUSE_SEEDS"); text != "" {
		from, to, _ := strings.Cut(text, "-")
		first, _ = strconv.ParseUint(from, 10, 64)
		last, _ = strconv.ParseUint(to, 10, 64)
	}
	for seed := first; seed <= last; seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 14))
				w := &madeUp{r: r, current: sandbox.Currents()[r.IntN(2)], want: map[string][]told{}}
				w.lab = newLab(t, func(o *sandbox.Options) { o.Current = w.current })
				w.make()
				w.audit()
			})
		})
	}
}

// madeUp is a pair whose history was drawn.
type madeUp struct {
	*lab
	r       *rand.Rand
	current sandbox.Current
	want    map[string][]told
	n       int
}

// key is a new one, of any shape that S3 takes.
func (w *madeUp) key() string {
	w.n++
	switch w.r.IntN(10) {
	case 0:
		return fmt.Sprintf("%d/ü 😀+%%2F&<>\"'", w.n)
	case 1:
		return fmt.Sprintf("日本/%d?versionId=null#x", w.n)
	case 2:
		return fmt.Sprintf("%s%d", strings.Repeat("long/", 190), w.n)
	case 3:
		return fmt.Sprintf(" %d  two spaces ", w.n)
	case 4:
		return fmt.Sprintf("folder-%d/", w.n)
	case 5:
		return fmt.Sprintf("%08x-%d", w.r.Uint32(), w.n)
	case 6:
		return fmt.Sprintf("//%d//../.", w.n)
	case 7:
		return fmt.Sprintf("tab\t%d\nline", w.n)
	}
	return fmt.Sprintf("2026/%02d/%d.jpg", 1+w.r.IntN(12), w.n)
}

// some draws a few new keys of one fate, and what an audit is to tell of each.
func (w *madeUp) some(what ...told) []string {
	keys := make([]string, 1+w.r.IntN(4))
	for i := range keys {
		keys[i] = w.key()
		if len(what) > 0 {
			w.want[keys[i]] = what
		}
	}
	return keys
}

func (w *madeUp) side() pair.SideName { return pair.Sides()[w.r.IntN(2)] }

// put writes keys on a side that is drawn for each, and says which.
func (w *madeUp) putSome(keys []string, with ...func(*s3.PutObjectInput)) map[string]pair.SideName {
	at := map[string]pair.SideName{}
	for _, key := range keys {
		at[key] = w.side()
		w.put(at[key], key, "x", with...)
		time.Sleep(time.Duration(w.r.IntN(5000)) * time.Millisecond)
	}
	return at
}

// make has everything happen. In gap the rule is disabled for a while, in the other
// direction delete markers stop travelling.
func (w *madeUp) make() {
	gap := w.side()
	w.buckets()
	w.beforeVersioning()
	w.putSome(w.some(told{difference.NeverEligible, difference.BeforeRule, difference.Replicate}))
	time.Sleep(time.Hour)
	w.apply()
	time.Sleep(time.Hour)

	w.putSome(w.some())
	lost, older := w.some(told{difference.Gone, difference.ByVersionID, difference.CopyInPlace}), w.some(told{difference.Gone, difference.ByVersionID, difference.Look})
	hidden, both := w.some(told{difference.MarkerStayed, difference.MarkersOff, difference.PlaceMarker}), w.some()
	inGap := w.some(told{difference.MarkerStayed, difference.WhileDisabled, difference.PlaceMarker})
	first := map[string]string{}
	for _, key := range slices.Concat(lost, older, hidden, both, inGap) {
		first[key] = w.put(w.side(), key, "first")
	}
	w.putSome(w.some(told{difference.NeverEligible, difference.KMSNotOptedIn, difference.Widen}), func(in *s3.PutObjectInput) {
		in.ServerSideEncryption = types.ServerSideEncryptionAwsKms
	})
	w.putSome(w.some(told{difference.NeverEligible, difference.Archived, difference.Restore}), func(in *s3.PutObjectInput) {
		in.StorageClass = types.StorageClassDeepArchive
	})
	time.Sleep(long)
	for _, key := range older {
		w.put(w.side(), key, "second")
	}
	time.Sleep(long)

	w.rules(gap, disabled)
	time.Sleep(time.Minute)
	for _, key := range w.some(told{difference.NeverEligible, difference.WhileDisabled, difference.Replicate}) {
		w.put(gap, key, "x")
	}
	for _, key := range inGap {
		w.remove(gap, key, "")
	}
	time.Sleep(time.Hour)
	w.rules(gap, enabled)
	time.Sleep(time.Hour)
	w.failing(w.side())

	w.rules(gap.Other(), func(r *types.ReplicationRule) {
		r.DeleteMarkerReplication.Status = types.DeleteMarkerReplicationStatusDisabled
	})
	time.Sleep(time.Hour)
	for _, key := range hidden {
		w.remove(gap.Other(), key, "")
	}
	for _, key := range slices.Concat(lost, older) {
		w.remove(w.side(), key, first[key])
	}
	for _, key := range both { // deleted by its version ID on both sides
		w.remove(pair.A, key, first[key])
		w.remove(pair.B, key, first[key])
	}
	time.Sleep(time.Hour)
	w.conflicts()
	w.underWay(w.side())
}

// beforeVersioning writes null versions.
func (w *madeUp) beforeVersioning() {
	same, other := w.some(told{difference.SameContent, difference.NoCause, difference.NoRemedy}), w.some(told{difference.Conflict, difference.BothWrote, difference.ChooseWinner})
	for _, side := range pair.Sides() {
		w.versioning(side, types.BucketVersioningStatusSuspended)
		for _, key := range same {
			w.put(side, key, "same")
		}
		for _, key := range other {
			w.put(side, key, "other "+strings.Repeat(string(side), 1+w.r.IntN(2)))
		}
		time.Sleep(time.Minute)
	}
	w.putSome(w.some(told{difference.NeverEligible, difference.BeforeRule, difference.Replicate}))
	for _, side := range pair.Sides() {
		w.versioning(side, types.BucketVersioningStatusEnabled)
	}
	time.Sleep(time.Minute)
}

// failing takes the rights of a direction's role away for a while.
func (w *madeUp) failing(side pair.SideName) {
	ctx := w.t.Context()
	out, err := w.s3(side).GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: w.bucket(side)})
	w.must(err)
	role := aws.ToString(out.ReplicationConfiguration.Role)
	name := aws.String(role[strings.LastIndex(role, "/")+1:])
	client := w.world.Clients(side).IAM
	held, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String(testPair.PolicyName())})
	w.must(err)
	_, err = client.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: held.PolicyName})
	w.must(err)
	time.Sleep(time.Minute)
	for _, key := range w.some(told{difference.Failed, difference.Undetermined, difference.Replicate}) {
		w.put(side, key, "x")
	}
	time.Sleep(long)
	_, err = client.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: held.PolicyName, PolicyDocument: aws.String(decoded(*held.PolicyDocument))})
	w.must(err)
	time.Sleep(time.Minute)
}

// conflicts has both sides write the same keys while neither hears of the other.
func (w *madeUp) conflicts() {
	var lifts []func()
	for _, d := range pair.Directions() {
		lift, err := w.box.Inject(sandbox.Fault{Kind: fault.Cut, From: testPair.Side(d.From()).Region, To: testPair.Side(d.To()).Region})
		w.must(err)
		lifts = append(lifts, lift)
	}
	keys := w.some()
	for _, key := range keys {
		for _, side := range pair.Sides() {
			w.put(side, key, "written on "+string(side))
			time.Sleep(2 * time.Second)
		}
		if w.current == sandbox.Arrived { // else both serve the one that was written last
			w.want[key] = []told{{difference.Conflict, difference.BothWrote, difference.ChooseWinner}}
		}
	}
	for _, lift := range lifts {
		lift()
	}
	time.Sleep(long)
}

// underWay cuts the way from a side off, and writes.
func (w *madeUp) underWay(side pair.SideName) {
	_, err := w.box.Inject(sandbox.Fault{Kind: fault.Cut, From: testPair.Side(side).Region, To: testPair.Side(side.Other()).Region})
	w.must(err)
	for _, key := range w.some(told{difference.Overdue, difference.Late, difference.Wait}) {
		w.put(side, key, "x")
	}
	time.Sleep(long)
	for _, key := range w.some(told{difference.InFlight, difference.NoCause, difference.Wait}) {
		w.put(side, key, "x")
	}
	time.Sleep(time.Minute)
}

// audit compares both sides as the program does, while they are written to.
func (w *madeUp) audit() {
	for _, operation := range []string{"ListObjectVersions", "HeadObject", "GetBucketReplication"} {
		for _, f := range []sandbox.Fault{{Kind: fault.SlowDown}, {Kind: fault.Reset}, {Kind: fault.Broken, Status: 500, Code: "InternalError"}} {
			f.Operation, f.Requests = operation, w.r.IntN(3)
			if f.Requests == 0 {
				continue
			}
			_, err := w.box.Inject(f)
			w.must(err)
		}
	}
	fine := w.some()
	ids := map[string]string{}
	for _, key := range fine {
		for _, side := range pair.Sides() { // gone at once, on both sides
			ids[key+string(side)] = w.put(side, key, "x")
		}
	}
	writing, stop := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; writing.Err() == nil; i++ {
			w.put(pair.Sides()[i%2], fmt.Sprintf("2026/during/%d", i), "x")
			if i == 20 {
				for _, key := range fine {
					for _, side := range pair.Sides() {
						w.remove(side, key, ids[key+string(side)])
					}
				}
			}
			time.Sleep(40 * time.Millisecond)
		}
	}()
	judge := cause.NewLater(w.world, cause.Options{Runs: w.runs})
	got := map[string][]told{}
	evidence := map[string][]string{}
	result, err := audit.Run(w.t.Context(), audit.Config{World: w.world, Judge: judge.Judge, Heads: judge.Heads, Workers: 1 + w.r.IntN(16)}, func(e pair.Event) {
		if d, is := e.(difference.Difference); is {
			got[d.Key] = append(got[d.Key], told{d.Verdict, d.Cause, d.Remedy})
			evidence[d.Key] = append(evidence[d.Key], d.Evidence...)
		}
	})
	stop()
	<-done
	w.must(err)
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if !slices.Equal(got[key], w.want[key]) {
			w.t.Errorf("%q is told as %v, and was made as %v: %s", key, got[key], w.want[key], strings.Join(evidence[key], "; "))
		}
	}
	for key, what := range w.want {
		if got[key] == nil {
			w.t.Errorf("%q is missed, and was made as %v", key, what)
		}
	}
	w.t.Logf("%d differences; %v", len(got), result.Tally.Verdicts)
}
