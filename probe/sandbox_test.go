package probe_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/probe"
	"bothways/probe/polling"
)

// rig is a sandbox with two buckets that replicate to each other, reached with
// the real SDK. It keeps the true instants of every replica.
type rig struct {
	testing.TB
	sandbox *sandbox.Sandbox
	pair    pair.Pair
	between func(http.RoundTripper) http.RoundTripper // faults on the way, or nil
	address string                                    // of the sandbox on loopback; "" is in this process
	keys    [2]string                                 // ID and secret of a sandbox in another process

	mu         sync.Mutex
	deliveries map[string]sandbox.Delivery
}

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":%q},"Action":"sts:AssumeRole"}]}`

const rights = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*","Action":[
	"s3:GetReplicationConfiguration","s3:ListBucket","s3:GetObjectVersionForReplication","s3:GetObjectVersionAcl",
	"s3:GetObjectVersionTagging","s3:ReplicateObject","s3:ReplicateDelete","s3:ReplicateTags"]}]}`

func emptyRig(t testing.TB) *rig {
	return &rig{TB: t, deliveries: map[string]sandbox.Delivery{}, pair: pair.Pair{
		A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-rig-a"},
		B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-rig-b"},
		Options: pair.DefaultOptions(),
	}}
}

// newRig makes the pair; trusted is the service that may assume the role.
func newRig(t testing.TB, o sandbox.Options, trusted string) *rig {
	t.Helper()
	r := emptyRig(t)
	o.Seed, o.Dir = 42, t.TempDir()
	o.OnDelivery = func(d sandbox.Delivery) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.deliveries[d.Key] = d
	}
	var err error
	if r.sandbox, err = sandbox.New(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.must(r.sandbox.Close()) })

	ctx, roles := t.Context(), iam.NewFromConfig(r.config("us-east-1"))
	role, err := roles.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("both"), AssumeRolePolicyDocument: aws.String(fmt.Sprintf(trust, trusted)),
	})
	r.must(err)
	_, err = roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String("both"), PolicyName: aws.String("rights"), PolicyDocument: aws.String(rights),
	})
	r.must(err)
	for _, name := range pair.Sides() {
		side := r.pair.Side(name)
		_, err = r.client(name).CreateBucket(ctx, &s3.CreateBucketInput{
			Bucket:                    &side.Bucket,
			CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(side.Region)},
		})
		r.must(err)
		_, err = r.client(name).PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
			Bucket: &side.Bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
		r.must(err)
	}
	for _, d := range pair.Directions() {
		_, err = r.client(d.From()).PutBucketReplication(ctx, &s3.PutBucketReplicationInput{
			Bucket: aws.String(r.pair.From(d).Bucket),
			ReplicationConfiguration: &types.ReplicationConfiguration{Role: role.Role.Arn, Rules: []types.ReplicationRule{{
				ID: aws.String(r.pair.RuleID(d)), Priority: aws.Int32(1), Status: types.ReplicationRuleStatusEnabled,
				Filter:                  &types.ReplicationRuleFilter{Prefix: aws.String("")},
				DeleteMarkerReplication: &types.DeleteMarkerReplication{Status: types.DeleteMarkerReplicationStatusEnabled},
				Destination:             &types.Destination{Bucket: aws.String(r.pair.To(d).BucketARN())},
			}}},
		})
		r.must(err)
	}
	return r
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// inject lets the sandbox do something wrong until restore.
func (r *rig) inject(f sandbox.Fault) (restore func()) {
	restore, err := r.sandbox.Inject(f)
	if err != nil {
		r.Error(err)
	}
	return restore
}

func (r *rig) config(region string) aws.Config {
	id, secret := r.keys[0], r.keys[1]
	if r.sandbox != nil {
		id, secret = r.sandbox.Credentials()
	}
	if r.address != "" {
		return aws.Config{
			Region: region, Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
			HTTPClient: awshttp.NewBuildableClient(), BaseEndpoint: &r.address,
		}
	}
	transport := r.sandbox.Transport()
	if r.between != nil {
		transport = r.between(transport)
	}
	return aws.Config{
		Region: region, Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
		HTTPClient: &http.Client{Transport: transport}, BaseEndpoint: aws.String("http://127.0.0.1:9000"),
		RequestChecksumCalculation: aws.RequestChecksumCalculationWhenSupported,
		ResponseChecksumValidation: aws.ResponseChecksumValidationWhenSupported,
	}
}

func (r *rig) client(name pair.SideName) *s3.Client {
	return s3.NewFromConfig(r.config(r.pair.Side(name).Region), func(o *s3.Options) { o.UsePathStyle = true })
}

func (r *rig) runConfig() probe.Config {
	return probe.Config{
		RunID: "rig", Pair: r.pair, Sizes: []int64{0, 128 << 10, 1 << 20}, Rounds: 4,
		Every: 10 * time.Second, Limit: 15 * time.Minute, Pace: polling.Normal, Seed: 1,
	}
}

// results are a run's events, sorted by kind.
type results struct {
	samples []probe.Sample
	sampled []time.Time
	started int
	loops   []probe.LoopEvent
	left    []probe.LeftObject
}

func (r *rig) run(ctx context.Context, cfg probe.Config) (results, error) {
	r.Helper()
	var got results
	runner, err := probe.New(cfg, probe.Clients{A: r.client(pair.A), B: r.client(pair.B)})
	r.must(err)
	err = runner.Run(ctx, func(event pair.Event) {
		switch e := event.(type) {
		case probe.StartedEvent:
			got.started++
		case probe.Sample:
			got.samples, got.sampled = append(got.samples, e), append(got.sampled, time.Now())
		case probe.LoopEvent:
			got.loops = append(got.loops, e)
		case probe.LeftEvent:
			got.left = e.Objects
		}
	})
	return got, err
}

// bracketsTruth checks a sample against the sandbox's own instants.
func (r *rig) bracketsTruth(s probe.Sample) {
	r.Helper()
	r.mu.Lock()
	delivery, delivered := r.deliveries[s.Key]
	r.mu.Unlock()
	if s.Outcome != probe.Replicated {
		r.Errorf("%s %s: %s", s.Key, s.Outcome, s.Detail)
		return
	}
	if !delivered {
		r.Errorf("%s was never delivered", s.Key)
		return
	}
	visible := float64(delivery.VisibleAt.Sub(s.PostedAt)) / 1e6
	if !s.LeftCensored && s.BracketMS[0] >= visible || s.BracketMS[1] < visible {
		r.Errorf("bracket %v misses the truth %v ms", s.BracketMS, visible)
	}
	took := float64(delivery.VisibleAt.Sub(delivery.CommittedAt)) / 1e6
	if !s.LeftCensored && s.CommitBracketMS[0] >= took || s.CommitBracketMS[1] < took {
		r.Errorf("commit bracket %v misses the truth %v ms", s.CommitBracketMS, took)
	}
}

// remaining counts all versions and delete markers in both buckets.
func (r *rig) remaining() int {
	r.Helper()
	count := 0
	for _, name := range pair.Sides() {
		out, err := r.client(name).ListObjectVersions(r.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String(r.pair.Side(name).Bucket)})
		r.must(err)
		count += len(out.Versions) + len(out.DeleteMarkers)
	}
	return count
}

func TestBracketsContainTheSandboxsOwnInstantsInBothDirections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
		got, err := r.run(t.Context(), r.runConfig())
		r.must(err)
		if len(got.samples) != 24 || len(got.loops) != 24 {
			t.Errorf("%d samples and %d loop checks, want 24", len(got.samples), len(got.loops))
		}
		for _, s := range got.samples {
			r.bracketsTruth(s)
		}
		for _, l := range got.loops {
			if !l.OK {
				t.Errorf("loop check: %+v", l)
			}
		}
		if n := r.remaining(); n > 0 {
			t.Errorf("%d versions are left in the buckets", n)
		}
	})
}

func TestAnObjectInPartsReplicatesInTheSandboxAndIsBracketed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
		cfg := r.runConfig()
		cfg.Sizes, cfg.Rounds = []int64{16<<20 + 1}, 1
		got, err := r.run(t.Context(), cfg)
		r.must(err)
		for _, s := range got.samples {
			r.bracketsTruth(s)
		}
		if n := r.remaining(); n > 0 {
			t.Errorf("%d versions are left in the buckets", n)
		}
	})
}

func TestARoleThatS3CannotAssumeFailsTheProbeAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "ec2.amazonaws.com")
		cfg := r.runConfig()
		cfg.Rounds = 1
		begun := time.Now()
		got, err := r.run(t.Context(), cfg)
		r.must(err)
		for _, s := range got.samples {
			if s.Outcome != probe.Failed || !strings.Contains(s.Detail, "the role cannot be assumed") {
				t.Errorf("outcome %s: %s", s.Outcome, s.Detail)
			}
		}
		if took := time.Since(begun); took > 2*time.Minute {
			t.Errorf("the run took %v, as if FAILED were a slow sample", took)
		}
		if n := r.remaining(); n > 0 || len(got.left) > 0 {
			t.Errorf("%d versions are left in the buckets, %v reported", n, got.left)
		}
	})
}

func TestAnOutageOfARegionIsWaitedOutAndBracketed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
		time.AfterFunc(12*time.Second, func() {
			restore := r.inject(sandbox.Fault{Kind: "outage", Region: "ap-southeast-1"})
			time.AfterFunc(3*time.Minute, restore)
		})
		cfg := r.runConfig()
		cfg.Rounds = 2
		got, err := r.run(t.Context(), cfg)
		r.must(err)
		replicated, unknown := 0, 0
		for _, s := range got.samples {
			unknown += s.Unknowns
			if s.Outcome == probe.Failed && s.Direction == pair.BtoA {
				continue // could not be written during the outage
			}
			replicated++
			r.bracketsTruth(s)
		}
		if replicated < 8 || unknown == 0 {
			t.Errorf("%d of %d replicated, %d unknown polls", replicated, len(got.samples), unknown)
		}
		if n := r.remaining(); n > 0 {
			t.Errorf("%d versions are left in the buckets", n)
		}
	})
}

func TestAnInterruptionInTheSandboxEndsWithinASecondAndCleansUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(string, string, int64, *rand.Rand) time.Duration { return time.Minute }
		r := newRig(t, sandbox.Options{Delay: slow}, "s3.amazonaws.com")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var stopped time.Time
		time.AfterFunc(11*time.Second, func() { stopped = time.Now(); cancel() })
		cfg := r.runConfig()
		cfg.Sizes, cfg.Rounds = probe.DefaultSizes(), 1
		got, err := r.run(ctx, cfg)
		if err == nil {
			t.Error("an interrupted run ends without an error")
		}
		if len(got.samples) != 12 || got.started != 12 {
			t.Errorf("%d samples of %d started, want 12", len(got.samples), got.started)
		}
		for i, s := range got.samples {
			if after := got.sampled[i].Sub(stopped); s.Outcome != probe.Interrupted || after > time.Second {
				t.Errorf("outcome %s %v after the stop", s.Outcome, after)
			}
		}
		if n := r.remaining(); n > 0 {
			t.Errorf("%d versions are left in the buckets", n)
		}
	})
}

// unreliable answers some HEADs itself: slow down, an error of the server, a
// broken connection, or nothing until the caller gives up.
type unreliable struct {
	next http.RoundTripper
	mu   *sync.Mutex
	draw *rand.Rand
	on   func() bool
}

func (u *unreliable) RoundTrip(request *http.Request) (*http.Response, error) {
	u.mu.Lock()
	lot := u.draw.Float64()
	u.mu.Unlock()
	if request.Method != http.MethodHead || !u.on() || lot > .45 {
		return u.next.RoundTrip(request)
	}
	answer := func(status int) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: request}, nil
	}
	switch {
	case lot < .30:
		return answer(http.StatusServiceUnavailable)
	case lot < .35:
		return answer(http.StatusInternalServerError)
	case lot < .40:
		return nil, fmt.Errorf("read: connection reset by peer")
	}
	<-request.Context().Done()
	return nil, request.Context().Err()
}

func TestBracketsContainTheTruthUnderEveryMixOfFaults(t *testing.T) {
	for seed := range uint64(3) {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, sandbox.Options{}, "s3.amazonaws.com")
			var lots sync.Mutex
			draw := rand.New(rand.NewPCG(seed, 1))
			begun := time.Now()
			r.between = func(next http.RoundTripper) http.RoundTripper {
				return &unreliable{next: next, mu: &lots, draw: draw, on: func() bool { return time.Since(begun) > 5*time.Second }}
			}
			time.AfterFunc(time.Minute, func() {
				restore := r.inject(sandbox.Fault{Kind: "outage", Region: "eu-west-1"})
				time.AfterFunc(30*time.Second, restore)
			})
			cfg := r.runConfig()
			cfg.Rounds, cfg.Seed = 15, seed
			got, err := r.run(t.Context(), cfg)
			r.must(err)
			if len(got.samples) != 90 {
				t.Errorf("%d samples, want 90", len(got.samples))
			}
			unknowns := 0
			for _, s := range got.samples {
				unknowns += s.Unknowns
				if s.Outcome == probe.Failed && strings.Contains(s.Detail, "upload") {
					continue // written to a region that was out
				}
				r.bracketsTruth(s)
			}
			if unknowns < 100 {
				t.Errorf("%d unknown polls: the faults did not bite", unknowns)
			}
		})
	}
}
