package sandbox_test

import (
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

func TestAFaultBeginsEndsAndCountsRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, TimeScale: 2, Faults: []sandbox.Fault{
			{Kind: "slowdown", At: span(time.Minute), For: span(time.Minute), Operation: "HeadBucket"},
			{Kind: "error", Requests: 2, Operation: "ListBuckets"},
		}})
		w.bucket("here", ireland)
		head := func() string {
			_, err := w.once(ireland).HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("here")})
			return code(err)
		}
		for _, want := range []string{"", "ServiceUnavailable", ""} {
			if got := head(); got != want {
				t.Errorf("after %v: %q, want %q", time.Now(), got, want)
			}
			pass(31 * time.Second) // twice as fast: a minute of the script
		}
		var got []string
		for range 3 {
			_, err := w.once(ireland).ListBuckets(t.Context(), &s3.ListBucketsInput{})
			got = append(got, code(err))
		}
		if strings.Join(got, ",") != "InternalError,InternalError," {
			t.Errorf("got %q", got)
		}
	})
}

func TestANewScriptReplacesTheFaultsBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Faults: []sandbox.Fault{
			{Kind: "error", Operation: "ListBuckets"}, {Kind: "cut", From: ireland, To: singapore}, {Kind: "error", At: span(time.Hour)},
		}})
		w.pair()
		w.put("side-a", ireland, "k", "x")
		list := func() string {
			_, err := w.once(ireland).ListBuckets(t.Context(), &s3.ListBucketsInput{})
			return code(err)
		}
		if got := list(); got != "InternalError" {
			t.Errorf("at first %q", got)
		}
		if err := w.sandbox.SetFaults([]sandbox.Fault{{Kind: "slowdown"}, {Kind: "odd"}}); err == nil || list() != "InternalError" {
			t.Errorf("faults that make no sense: %v, then %q", err, list())
		}
		must(t, 0, w.sandbox.SetFaults([]sandbox.Fault{{Kind: "slowdown", Operation: "ListBuckets", For: span(time.Minute)}}))
		if got := list(); got != "SlowDown" {
			t.Errorf("after the change %q", got)
		}
		pass(2 * time.Hour)
		if got, status := list(), w.status("side-a", ireland, "k"); got != "" || status != "COMPLETED" {
			t.Errorf("in the end %q, and what was held back reads %s", got, status)
		}
	})
}

func TestAShareOfRequestsIsHit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.bucket("here", ireland)
		w.inject(sandbox.Fault{Kind: "slowdown", Share: 0.3})
		hit := 0
		for range 300 {
			if _, err := w.once(ireland).HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("here")}); err != nil {
				hit++
			}
		}
		if hit < 60 || hit > 120 {
			t.Errorf("hit %d of 300, want about 90", hit)
		}
	})
}

func TestFaultsThatMakeNoSenseAreNamed(t *testing.T) {
	for text, word := range map[string]string{
		`{"faults":[{"fault":"explode"}]}`:                                                      `"explode"`,
		`{"faults":[{"fault":"refuse","regoin":"x"}]}`:                                          `"regoin"`,
		`{"faults":[{"fault":"refuse","factor":2}]}`:                                            "factor",
		`{"faults":[{"fault":"refuse","region":"eu-west-9"}]}`:                                  "eu-west-9",
		`{"faults":[{"fault":"delay"}]}`:                                                        "delay",
		`{"faults":[{"fault":"delay","delay":"soon"}]}`:                                         "soon",
		`{"faults":[{"fault":"skew"}]}`:                                                         "offset",
		`{"faults":[{"fault":"cut","from":"eu-west-1"}]}`:                                       "from and to",
		`{"faults":[{"fault":"outage"}]}`:                                                       "region",
		`{"faults":[{"fault":"pause"}]}`:                                                        "bucket",
		`{"faults":[{"fault":"slow"}]}`:                                                         "factor",
		`{"faults":[{"fault":"hang"},{"fault":"refuse","share":2}]}`:                            "entry 2",
		`{"faults":[{"fault":"hang"},{"fault":"refuse","share":0}]}`:                            "line 1, faults, entry 2: fault refuse: a share of 0 hits nothing",
		`{"faults":[{"fault":"slow","factor":2,"share":0.0}]}`:                                  "share of 0",
		`{"faults":[{"fault":"error","status":200}]}`:                                           "200",
		`{"faults":[{"fault":"refuse","at":"-1s"}]}`:                                            "negative",
		`{"settling":{"name_free":"-1s"}}`:                                                      "-1s",
		"{\n\"faults\":[{\"fault\":\n\"refuse\",}]}":                                            "line 3",
		`{"faults":[]} {}`:                                                                      "after the end",
		"{\n\"faults\":[{\"fault\":\"hang\"},\n{\"fault\":\"refuse\",\n\"regoin\":\"x\"}\n]\n}": `line 4, faults, entry 2: there is no "regoin"; the names are at, bucket`,
		"{\n\"faults\":[{\"fault\":\"hang\"},\n{\"fault\":\"delay\",\n\"delay\":\"5\"}\n]\n}":   `line 4, faults, entry 2, delay: "5" is not a duration`,
		"{\n\"faults\":[{\"fault\":\"hang\"},\n{\"fault\":\"delay\",\n\"delay\":5}\n]\n}":       `line 4, faults, entry 2, delay: it wants a text in quotation marks, such as "1m30s"`,
		"{\n\"faults\":[{\"fault\":\"hang\"},\n{\"fault\":\n\"cut\"}]}":                         "line 3, faults, entry 2: fault cut: it wants from and to",
		`{"faults":[{"fault":"hang","share":"30%"}]}`:                                           "faults, entry 1, share: it wants a number",
		`{"faults":[{"fault":"hang","requests":1.5}]}`:                                          "requests: it wants a whole number",
		`{"faults":[{"fault":"hang","region":7}]}`:                                              "region: it wants a text in quotation marks",
		`{"faults":{"fault":"cut"}}`:                                                            "line 1, faults: it wants a list",
		`[]`:                                                                                    "line 1: it wants an object",
		`{"settling":{"role_asumable":"1s"}}`:                                                   `line 1, settling: there is no "role_asumable"; the names are configuration_effective`,
		`{"faults":[{"fault":"hang"`:                                                            "line 1, faults, entry 1: it ends too early",
		``:                                                                                      "line 1: it ends too early",
		`{"faults":[{"fault":"slowdown","operation":"HeadObjekt"}]}`:                            `no operation "HeadObjekt"`,
		`{"faults":[{"fault":"error","service":"iam","operation":"GetUsr"}]}`:                   `no operation "GetUsr"`,
		`{"faults":[{"fault":"slowdown","service":"ec2"}]}`:                                     `no service "ec2"`,
		`{"faults":[{"fault":"error","code":"a b"}]}`:                                           `"a b" can't be an error code`,
	} {
		if _, err := sandbox.ParseScript([]byte(text)); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%s\ngives %v, want a word on %s", text, err, word)
		}
	}
	for _, text := range []string{`{"faults":[{"fault":"hang"}]}`, `{"faults":[{"fault":"hang","share":null}]}`, `{"faults":[{"fault":"hang","share":1}]}`} {
		if _, err := sandbox.ParseScript([]byte(text)); err != nil {
			t.Errorf("%s\ngives %v", text, err)
		}
	}
}

func TestChangesTakeAsLongToSettleAsTheScriptSays(t *testing.T) {
	script, err := sandbox.ParseScript([]byte(`{"settling":{"configuration_visible":"10s","configuration_effective":"30s",
		"versioning_effective":"1m","role_assumable":"20s","name_free":"40s"}}`))
	must(t, 0, err)
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Settling: script.Settling, Propagation: script.Propagation})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		role := w.role("r", allActions...)
		refused(t, w.replicate("side-a", ireland, role, rule("side-b")), "InvalidRequest",
			"Versioning must be 'Enabled' on the bucket to apply a replication configuration")
		for _, key := range []string{"1", "2", "3", "4"} {
			w.put("side-a", ireland, key, "x")
		}
		misses := 0
		for range 8 {
			if w.status("side-a", ireland, "1") != "" {
				misses++
			}
		}
		if misses != 2 {
			t.Errorf("%d of 8 reads miss, want 2", misses)
		}
		pass(time.Minute)
		must(t, 0, w.replicate("side-a", ireland, role, rule("side-b")))
		get := func() string {
			_, err := w.s3(ireland).GetBucketReplication(t.Context(), &s3.GetBucketReplicationInput{Bucket: aws.String("side-a")})
			return code(err)
		}
		if got := get(); got != "ReplicationConfigurationNotFoundError" {
			t.Errorf("at once: %q", got)
		}
		w.put("side-a", ireland, "early", "x")
		pass(10 * time.Second)
		if got := get(); got != "" {
			t.Errorf("after 10s: %q", got)
		}
		pass(20 * time.Second)
		w.put("side-a", ireland, "covered", "x")
		pass(time.Minute)
		if early, covered := w.status("side-a", ireland, "early"), w.status("side-a", ireland, "covered"); early != "" || covered != "COMPLETED" {
			t.Errorf("before it is effective %q, after %q", early, covered)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Settling: script.Settling, Propagation: script.Propagation})
		w.plainBucket("gone", ireland)
		_, err := w.s3(ireland).DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: aws.String("gone")})
		must(t, 0, err)
		again := func() error {
			_, err := w.once(ireland).CreateBucket(t.Context(), &s3.CreateBucketInput{
				Bucket: aws.String("gone"), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: ireland},
			})
			return err
		}
		refused(t, again(), "OperationAborted",
			"A conflicting conditional operation is currently in progress against this resource. Please try again.")
		pass(40 * time.Second)
		must(t, 0, again())
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed, Propagation: script.Propagation})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		must(t, 0, w.replicate("side-a", ireland, w.role("young", allActions...), rule("side-b")))
		id := *w.put("side-a", ireland, "early", "x").VersionId
		pass(20 * time.Second)
		w.put("side-a", ireland, "late", "x")
		pass(time.Minute)
		if got := w.sandbox.FailureReason("side-a", "early", id); got != "AssumeRoleNotPermitted" {
			t.Errorf("before the role could be assumed it failed because of %q", got)
		}
		if got := w.status("side-a", ireland, "late"); got != "COMPLETED" {
			t.Errorf("afterwards it reads %s", got)
		}
		if _, err := w.iam().GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("young")}); err != nil {
			t.Error(err)
		}
	})
}
