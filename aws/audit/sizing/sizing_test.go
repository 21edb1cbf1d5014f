package sizing_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go/encoding/cbor"

	"bothways/aws/account"
	"bothways/aws/audit/estimate"
	"bothways/aws/audit/sizing"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-size-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-size-two"},
	Options: pair.DefaultOptions(),
}

// wire reaches the sandbox, with a CloudWatch that counts objects.
type wire struct {
	next    http.RoundTripper
	objects map[string]float64 // by bucket; none: the sandbox answers, which has no such metric
	refused bool
	pages   atomic.Int32
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Query().Has("versions") {
		w.pages.Add(1)
	}
	if !strings.Contains(r.URL.Path, "GraniteServiceVersion") || w.objects == nil && !w.refused {
		return w.next.RoundTrip(r)
	}
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Smithy-Protocol": {"rpc-v2-cbor"}, "Content-Type": {"application/cbor"}}, Request: r}
	body := cbor.Map{}
	if w.refused {
		answer.StatusCode = http.StatusForbidden
		body = cbor.Map{"__type": cbor.String("AccessDenied"), "message": cbor.String("no")}
	} else {
		points := cbor.List{}
		for bucket, n := range w.objects {
			if bytes.Contains(asked, []byte(bucket)) {
				for days := range 2 { // in no order
					points = append(points, cbor.Map{
						"Timestamp": &cbor.Tag{ID: 1, Value: cbor.Float64(float64(time.Now().Unix() - int64(days+1)*86400))}, "Average": cbor.Float64(n - float64(days)),
					})
				}
			}
		}
		body["Datapoints"] = points
	}
	answer.Body = io.NopCloser(bytes.NewReader(cbor.Encode(body)))
	return answer, nil
}

// reader is a pair with so many objects on each side.
func reader(t *testing.T, a, b int) (sizing.Reader, *wire) {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{Seed: 7, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &wire{next: box.Transport()}
	key, secret := box.Credentials()
	access := account.Access{
		Endpoint: "http://sandbox.invalid", Sandbox: true, HTTPClient: &http.Client{Transport: w},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
	world := survey.World{Pair: testPair, RunID: "test"}
	for side, n := range map[pair.SideName]int{pair.A: a, pair.B: b} {
		in := testPair.Side(side)
		clients, err := access.Open(t.Context(), in.Region)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := clients.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &in.Bucket, CreateBucketConfiguration: &types.CreateBucketConfiguration{
			LocationConstraint: types.BucketLocationConstraint(in.Region),
		}}); err != nil {
			t.Fatal(err)
		}
		for i := range n {
			if _, err := clients.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &in.Bucket, Key: aws.String(fmt.Sprintf("key-%05d", i))}); err != nil {
				t.Fatal(err)
			}
		}
		if side == pair.A {
			world.A = clients
		} else {
			world.B = clients
		}
	}
	return sizing.Reader{World: world, Pages: 1}, w
}

// What fits the sample is counted; of what does not, it is said how far the
// number can be trusted.
func TestASizeSaysHowItWasGot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := reader(t, 1005, 3)
		for name, c := range map[string]struct {
			objects map[string]float64
			refused bool
			prefix  string
			want    estimate.Size
		}{
			"without the metric":            {want: estimate.Size{Versions: 1000, Bound: estimate.AtLeast, How: "has no NumberOfObjects"}},
			"without the right":             {refused: true, want: estimate.Size{Versions: 1000, Bound: estimate.AtLeast, How: "could not be asked"}},
			"with the metric":               {objects: map[string]float64{testPair.A.Bucket: 4_000_000}, want: estimate.Size{Versions: 4_000_000, Bound: estimate.About, How: "NumberOfObjects of "}},
			"with an older metric":          {objects: map[string]float64{testPair.A.Bucket: 12}, want: estimate.Size{Versions: 1000, Bound: estimate.AtLeast, How: "is older"}},
			"with the metric, under prefix": {objects: map[string]float64{testPair.A.Bucket: 4_000_000}, prefix: "key", want: estimate.Size{Versions: 4_000_000, Bound: estimate.AtMost, How: "whole bucket"}},
		} {
			w.objects, w.refused = c.objects, c.refused
			w.pages.Store(0)
			r.Prefix = c.prefix
			got, err := r.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got.A.Versions != c.want.Versions || got.A.Bound != c.want.Bound || !strings.Contains(got.A.How, c.want.How) {
				t.Errorf("%s: side A is %+v", name, got.A)
			}
			if c.prefix == "" && (got.B.Versions != 3 || got.B.Bound != estimate.Exactly) {
				t.Errorf("%s: side B is %+v", name, got.B)
			}
			if got.PerSecond <= 0 || got.Pages != int64(w.pages.Load()) || got.Pages != 6 {
				t.Errorf("%s: %v a second, %d pages are told of and %d were asked for", name, got.PerSecond, got.Pages, w.pages.Load())
			}
		}
	})
}

func TestSmallSidesAreCountedWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := reader(t, 5, 0)
		got, err := r.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got.A.Versions != 5 || got.A.Bound != estimate.Exactly || got.B.Versions != 0 || got.B.Bound != estimate.Exactly || w.pages.Load() != 2 {
			t.Errorf("%+v, after %d pages", got, w.pages.Load())
		}
	})
}

func TestASideThatCannotBeListedIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, _ := reader(t, 1, 1)
		r.World.Pair.B.Bucket = "bothways-size-none"
		if _, err := r.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "side B: list the versions of bothways-size-none") {
			t.Errorf("%v", err)
		}
	})
}
