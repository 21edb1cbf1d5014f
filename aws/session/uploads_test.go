package session_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
	"bothways/aws/session"
	"bothways/probe/body"
)

// wants gives both buckets a policy of statements about their objects.
func (w *world) wants(statements ...string) {
	w.Helper()
	for _, name := range pair.Sides() {
		side := testPair.Side(name)
		clients, err := w.access.Open(w.Context(), side.Region)
		if err != nil {
			w.Fatal(err)
		}
		all := make([]string, len(statements))
		for i, rest := range statements {
			all[i] = `{"Effect":"Deny","Principal":"*","Resource":"arn:aws:s3:::` + side.Bucket + `/*",` + rest + `}`
		}
		text := `{"Version":"2012-10-17","Statement":[` + strings.Join(all, ",") + `]}`
		if _, err := clients.S3.PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{Bucket: &side.Bucket, Policy: &text}); err != nil {
			w.Fatal(err)
		}
	}
}

// Probes, in one request and in parts, carry what canaries carry.
func TestProbesCarryWhatThePolicyOfTheirBucketAsksFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		w.setUp(s)
		w.wants(`"Sid":"Header","Action":"s3:PutObject","Condition":{"Null":{"s3:x-amz-server-side-encryption":"true"}}`,
			`"Sid":"ACL","Action":"s3:PutObject","Condition":{"StringNotEquals":{"s3:x-amz-acl":"bucket-owner-full-control"}}`,
			`"Sid":"Once","Action":"s3:PutObject","Condition":{"Null":{"s3:if-none-match":"true"},"Bool":{"s3:ObjectCreationOperation":"true"}}`,
			`"Sid":"Tag","Action":"s3:PutObject","Condition":{"StringNotEquals":{"s3:RequestObjectTag/Owner":"platform"}}`)
		var f face
		p := w.probing(s, func(m *session.Measurement) {
			m.Config.Sizes, m.Config.Rounds = []int64{1024, body.SinglePutMax + 1}, 1
		})
		if err := p.Run(t.Context(), f.emit); err != nil {
			t.Fatal(err)
		}
		if n := p.Measured().Direction(pair.AtoB).N + p.Measured().Direction(pair.BtoA).N; n != 4 {
			t.Errorf("%d samples, want one each size and direction:\n%s", n, w.journal(&f))
		}
		if text := w.journal(&f); !strings.Contains(text, "x-amz-server-side-encryption: AES256") || !strings.Contains(text, "x-amz-tagging: Owner=platform") {
			t.Errorf("what they carry is not told:\n%s", text)
		}
	})
}

// What would be denied, or could not be deleted again, is not written.
func TestProbesThatWouldBeDeniedOrStayAreNotWritten(t *testing.T) {
	for says, statement := range map[string]string{
		"explicit deny of every upload of bothways (Closed)": `"Sid":"Closed","Action":"s3:PutObject"`,
		"s3:DeleteObjectVersion (Keep)":                      `"Sid":"Keep","Action":"s3:DeleteObjectVersion"`,
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			s := w.process()
			w.setUp(s)
			w.wants(statement)
			var mu sync.Mutex
			wrote := ""
			w.before = func(r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				if r.Method == http.MethodPut {
					wrote += r.URL.Path + " "
				}
			}
			var f face
			err := w.probing(s, nil).Run(t.Context(), f.emit)
			if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "lack the right") || wrote != "" {
				t.Errorf("it ends with %v, and wrote %s", err, wrote)
			}
		})
	}
}

// A rule that filters by tags is measured by probes that carry them, whether or
// not whoever probes knows of them.
func TestProbesCarryTheTagsThatTheRuleFiltersBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.process()
		tagged := testPair
		tagged.Options.FilterTags, tagged.Options.DeleteMarkers = pair.NewTags([]pair.Tag{{Key: "replicate", Value: "true"}, {Key: "team", Value: "blue"}}), false
		plans, err := s.Survey(t.Context(), w.access, tagged, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Apply(t.Context(), w.access, plans.SetUp, (&face{}).emit); err != nil {
			t.Fatal(err)
		}
		p := w.probing(s, func(m *session.Measurement) { m.Config.Sizes = []int64{1024, body.SinglePutMax + 1} })
		var f face
		if err := p.Run(t.Context(), f.emit); err != nil {
			t.Fatal(err)
		}
		for _, d := range pair.Directions() {
			if got := p.Measured().Direction(d); got.N != 4 || got.GaveUp > 0 {
				t.Errorf("%s: %d samples, %d given up", d.Arrow(), got.N, got.GaveUp)
			}
		}
		if text := w.journal(&f); !strings.Contains(text, "x-amz-tagging: replicate=true") {
			t.Errorf("what they carry is not told:\n%s", text)
		}
	})
}
