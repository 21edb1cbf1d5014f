package probe

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestABucketThatCannotBeProbedIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	versioning := func(inside string) string { return "<VersioningConfiguration>" + inside + "</VersioningConfiguration>" }
	lock := func(inside string) string {
		return "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>" + inside + "</ObjectLockConfiguration>"
	}
	for name, c := range map[string]struct {
		setting string
		status  int
		body    string
		says    string // in the refusal; "": it is probed
		notSet  bool   // the pair is not set up
		kept    bool   // it could be probed if nothing had to be deleted
	}{
		"not there":               {"versioning", 404, "<Error><Code>NoSuchBucket</Code></Error>", "is not there", true, false},
		"never versioned":         {"versioning", 200, versioning(""), "versioning is not enabled", true, false},
		"versioning is suspended": {"versioning", 200, versioning("<Status>Suspended</Status>"), "versioning is not enabled", true, false},
		"versioning is not told":  {"versioning", 403, "<Error><Code>AccessDenied</Code></Error>", "", false, false},
		"MFA delete":              {"versioning", 200, versioning("<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>"), "could not be deleted again", false, true},
		"a default retention": {
			"object-lock", 200, lock("<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>30</Days></DefaultRetention></Rule>"),
			"could not be deleted again", false, true,
		},
		"object lock without a retention": {"object-lock", 200, lock(""), "", false, false},
	} {
		for _, bucket := range []string{bucketA, bucketB} {
			t.Run(name+" "+bucket, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(time.Second)
					w.fault = func(request *http.Request) *http.Response {
						if request.Method == http.MethodGet && request.URL.Path == "/"+bucket && request.URL.Query().Has(c.setting) {
							return reply(c.status, nil, c.body)
						}
						return nil
					}
					cfg := testConfig()
					cfg.Rounds, cfg.Sizes = 1, []int64{1024}
					_, err := probeWorld(t.Context(), t, w, cfg)
					if c.says == "" {
						if err != nil {
							t.Errorf("it is refused: %v", err)
						}
						return
					}
					if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), bucket) || errors.Is(err, ErrNotSetUp) != c.notSet {
						t.Errorf("the error is %v", err)
					}
					if w.requests["PUT "+bucketA]+w.requests["PUT "+bucketB] > 0 {
						t.Error("something was written")
					}
					cfg.Keep = true
					if _, err := probeWorld(t.Context(), t, w, cfg); (err == nil) != c.kept {
						t.Errorf("with --keep: %v", err)
					}
				})
			})
		}
	}
}

func TestAPairThatReplicatesAPrefixIsProbedInsideOfAWiderRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(time.Second) // its rules cover everything
		cfg := testConfig()
		cfg.Pair.Options.Prefix = "logs/"
		cfg.Rounds, cfg.Sizes = 1, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if samples := eventsOf[Sample](events); err != nil || len(samples) != 2 || !strings.HasPrefix(samples[0].Key, "logs/bothways/") {
			t.Errorf("error %v, samples %v", err, samples)
		}
	})
}
