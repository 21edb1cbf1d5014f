package deep_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/account"
	"bothways/aws/audit/deep"
	"bothways/aws/audit/draw"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
	"bothways/aws/sandbox/fault"
)

var testPair = pair.Pair{
	A: pair.Side{Region: "eu-west-1", Bucket: "bothways-deep-one"},
	B: pair.Side{Region: "ap-southeast-1", Bucket: "bothways-deep-two"},
	// Edits of replicas stay where they are, so that the sides can differ.
	Options: pair.Options{DeleteMarkers: true},
}

type lab struct {
	t     *testing.T
	box   *sandbox.Sandbox
	world survey.World
	all   []draw.Version
}

// scenario is a pair with some versions on both sides.
func scenario(t *testing.T, versions int, run func(*lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		box, err := sandbox.New(sandbox.Options{Seed: 7, Dir: t.TempDir(), NoDistance: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := box.Close(); err != nil {
				t.Error(err)
			}
		})
		key, secret := box.Credentials()
		access := account.Access{
			Endpoint: "http://sandbox.invalid", HTTPClient: &http.Client{Transport: box.Transport()},
			Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
		}
		l := &lab{t: t, box: box, world: survey.World{Pair: testPair, RunID: "test"}}
		l.world.A, err = access.Open(t.Context(), testPair.A.Region)
		l.must(err)
		l.world.B, err = access.Open(t.Context(), testPair.B.Region)
		l.must(err)
		found, err := plan.Look(t.Context(), l.world)
		l.must(err)
		l.must(plan.Apply(t.Context(), plan.SetUp(found), func(pair.Event) {}))
		for i := range versions {
			name := fmt.Sprintf("key-%03d", i)
			out, err := l.world.A.S3.PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: &testPair.A.Bucket, Key: &name, Body: strings.NewReader(name), Tagging: aws.String("team=x"),
				ContentType: aws.String("text/plain"), Metadata: map[string]string{"by": "us"},
			})
			l.must(err)
			l.all = append(l.all, draw.Version{Key: name, VersionID: *out.VersionId, Size: 7})
		}
		time.Sleep(time.Hour)
		run(l)
	})
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) look() (deep.Result, map[string]deep.Sampled) {
	l.t.Helper()
	rows := map[string]deep.Sampled{}
	result, err := deep.Look(context.Background(), l.world, nil, len(l.all), l.all, func(e pair.Event) {
		if s, is := e.(deep.Sampled); is {
			rows[s.Key] = s
		}
		if _, err := pair.EncodeEvent(e); err != nil {
			l.t.Error(err)
		}
	})
	l.must(err)
	return result, rows
}

func TestVersionsThatAgreeSayHowFewCanBeBad(t *testing.T) {
	scenario(t, 30, func(l *lab) {
		result, rows := l.look()
		if len(rows) != 0 || result.Whole.Looked != 30 || result.Whole.Bad != 0 {
			l.t.Errorf("%+v, %v", result, rows)
		}
		for _, a := range deep.Aspects() {
			if got := result.Aspects[a]; got.Looked != 30 || got.Bad != 0 || got.Unread != 0 {
				l.t.Errorf("%s: %+v", a, got)
			}
		}
		if want := "30 random versions looked at, none bad: less than 9.51 % of all are, with 95 % confidence"; result.Says != want {
			l.t.Errorf("it says %q", result.Says)
		}
	})
}

func TestWhatNoListingShowsIsFound(t *testing.T) {
	scenario(t, 8, func(l *lab) {
		b, bucket, ctx := l.world.B.S3, &testPair.B.Bucket, l.t.Context()
		_, err := b.PutObjectTagging(ctx, &s3.PutObjectTaggingInput{
			Bucket: bucket, Key: aws.String("key-000"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("team"), Value: aws.String("y")}}},
		})
		l.must(err)
		_, err = b.DeleteObjectTagging(ctx, &s3.DeleteObjectTaggingInput{Bucket: bucket, Key: aws.String("key-001")})
		l.must(err)
		_, err = b.PutObjectAnnotation(ctx, &s3.PutObjectAnnotationInput{
			Bucket: bucket, Key: aws.String("key-002"), AnnotationName: aws.String("note"), AnnotationPayload: strings.NewReader("seen"),
		})
		l.must(err)
		_, err = b.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: aws.String("key-003"), VersionId: &l.all[3].VersionID})
		l.must(err)
		result, rows := l.look()
		for key, want := range map[string]struct {
			aspect deep.Aspect
			words  string
		}{
			"key-000": {deep.Tags, `team is "x" on A and "y" on B`}, "key-001": {deep.Tags, `only A has team`}, "key-002": {deep.Annotations, "only B has note"},
		} {
			if got := rows[key].Differences; len(got) != 1 || !strings.Contains(got[want.aspect], want.words) || !rows[key].Bad() {
				l.t.Errorf("%s: %v", key, got)
			}
		}
		if !rows["key-003"].Gone || len(rows) != 4 {
			l.t.Errorf("%v", rows)
		}
		if result.Whole != (deep.Tally{Looked: 7, Bad: 3, Below: deep.Below(3, 7)}) || result.Gone != 1 || result.Aspects[deep.Tags].Bad != 2 || result.Aspects[deep.Annotations].Bad != 1 {
			l.t.Errorf("%+v", result)
		}
	})
}

// What can't be read is counted for neither, and named with its right.
func TestWhatCannotBeReadIsCountedForNeither(t *testing.T) {
	scenario(t, 5, func(l *lab) {
		for _, f := range []sandbox.Fault{
			{Kind: fault.Broken, Operation: "GetObjectTagging", Region: "ap-southeast-1", Status: 403, Code: "AccessDenied"},
			{Kind: fault.Broken, Operation: "HeadObject", Prefix: "key-004", Status: 403, Code: "AccessDenied"},
		} {
			_, err := l.box.Inject(f)
			l.must(err)
		}
		result, rows := l.look()
		if result.Whole.Looked != 4 || result.Whole.Unread != 1 || result.Aspects[deep.Tags].Looked != 0 || result.Aspects[deep.Tags].Unread != 5 || result.Aspects[deep.Tags].Below != 1 {
			l.t.Errorf("%+v", result)
		}
		if !strings.Contains(rows["key-000"].Unread[deep.Tags], "s3:GetObjectVersionTagging may be missing on side B") || !strings.Contains(result.Says, "tags of 0 only") {
			l.t.Errorf("%v; %s", rows["key-000"], result.Says)
		}
	})
	scenario(t, 1, func(l *lab) {
		_, err := l.box.Inject(sandbox.Fault{Kind: fault.Broken, Operation: "HeadObject", Status: 403, Code: "AccessDenied"})
		l.must(err)
		if result, _ := l.look(); result.Whole.Below != 1 || !strings.Contains(result.Says, "nothing is known") {
			l.t.Errorf("%+v", result)
		}
	})
}

// The upper end covers the true share 95 times of 100 at least, and is that of
// the rule of three where none are bad.
func TestTheUpperEndCovers(t *testing.T) {
	for _, n := range []int{1, 10, 59, 500, 100_000} {
		if got, want := deep.Below(0, n), 1-math.Pow(0.05, 1/float64(n)); math.Abs(got-want) > 1e-9 || n > 10 && got > 3/float64(n) {
			t.Errorf("none of %d: %g, want %g", n, got, want)
		}
	}
	// By tables of Clopper and Pearson: 2 of 50, one-sided 95 %.
	if got := deep.Below(2, 50); math.Abs(got-0.1206) > 0.0005 {
		t.Errorf("2 of 50: %g", got)
	}
	if deep.Below(0, 0) != 1 || deep.Below(4, 4) != 1 {
		t.Error("nothing, or all, says something")
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, share := range []float64{0.004, 0.03, 0.3} {
		covered := 0
		for range 2000 {
			bad := 0
			for range 200 {
				if random.Float64() < share {
					bad++
				}
			}
			if deep.Below(bad, 200) >= share {
				covered++
			}
		}
		if covered < 1880 {
			t.Errorf("%g is covered %d times of 2000", share, covered)
		}
	}
}
