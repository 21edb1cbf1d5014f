package probe

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func rulesOf(text string) ruling {
	return func(bucket string) (int, map[string]string, string) {
		text := strings.ReplaceAll(text, "OTHER", "arn:aws:s3:::"+other(bucket))
		return 200, nil, "<ReplicationConfiguration><Role>r</Role>" + text + "</ReplicationConfiguration>"
	}
}

func TestAPairWithoutACoveringRuleIsNotProbed(t *testing.T) {
	rule := func(inside string) ruling {
		return rulesOf("<Rule>" + inside + "<Destination><Bucket>OTHER</Bucket></Destination></Rule>")
	}
	for name, c := range map[string]struct {
		rules   ruling
		refused bool
	}{
		"none":             {refuses(404, "ReplicationConfigurationNotFoundError"), true},
		"all objects":      {rule("<Status>Enabled</Status>"), false},
		"disabled":         {rule("<Status>Disabled</Status>"), true},
		"our prefix":       {rule("<Status>Enabled</Status><Filter><Prefix>bothways/</Prefix></Filter>"), false},
		"first schema":     {rule("<Status>Enabled</Status><Prefix>both</Prefix>"), false},
		"another prefix":   {rule("<Status>Enabled</Status><Filter><Prefix>photos/</Prefix></Filter>"), true},
		"a tag":            {rule("<Status>Enabled</Status><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter>"), false}, // which the probes carry
		"a tag beside":     {rule("<Status>Enabled</Status><Filter><And><Prefix>bothways/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>"), false},
		"another bucket":   {rulesOf("<Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::else</Bucket></Destination></Rule>"), true},
		"not to be read":   {refuses(403, "AccessDenied"), false},
		"not known there":  {refuses(501, "NotImplemented"), false},
		"keys not valid":   {refuses(403, "SignatureDoesNotMatch"), true},
		"bucket elsewhere": {refuses(301, "PermanentRedirect"), true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(time.Second)
				w.rules = c.rules
				cfg := testConfig()
				cfg.Rounds, cfg.Sizes = 1, []int64{1024}
				_, err := probeWorld(t.Context(), t, w, cfg)
				if (err != nil) != c.refused || c.refused && w.requests["PUT "+bucketA] > 0 {
					t.Errorf("error %v", err)
				}
				missing := name != "keys not valid" && name != "bucket elsewhere"
				if c.refused && errors.Is(err, ErrNotSetUp) != missing {
					t.Errorf("the reason is %v", err)
				}
				if name == "another prefix" && !strings.Contains(err.Error(), "--prefix") {
					t.Errorf("%v does not ask about the pair's prefix", err)
				}
				cfg.AnyRules = true
				if _, err := probeWorld(t.Context(), t, w, cfg); err != nil {
					t.Errorf("with any rules: %v", err)
				}
			})
		})
	}
}

func TestAStoreThatShowsNoStatusIsMeasuredByItsListingAndSaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(5 * time.Second)
		w.silent = true
		w.rules = refuses(501, "NotImplemented")
		cfg := testConfig()
		cfg.Foreign, cfg.Rounds, cfg.Sizes = true, 2, []int64{1024}
		cfg.Pair.B.Region = cfg.Pair.A.Region // of two stores of one's own
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Replicated || !s.Unconfirmed || !strings.Contains(s.Detail, "REPLICA not confirmed") {
				t.Errorf("%s, unconfirmed %v: %s", s.Outcome, s.Unconfirmed, s.Detail)
				continue
			}
			mustContainTruth(t, w, s)
		}
		for _, e := range eventsOf[CompletedEvent](events) {
			if e.Outcome == Replicated || !strings.Contains(e.Detail, "no replication status") {
				t.Errorf("COMPLETED is %s: %s", e.Outcome, e.Detail)
			}
		}
		for _, l := range eventsOf[LoopEvent](events) {
			if l.OK || !l.Unknown {
				t.Errorf("the loop check claims %+v", l)
			}
		}
	})
}

func TestAServerThatAnswersForItsOtherSiteIsNoHit(t *testing.T) {
	for name, direct := range map[string]bool{"always": false, "unless asked not to": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(5 * time.Second)
				w.proxies, w.direct = true, direct
				w.silent = !direct
				cfg := testConfig()
				cfg.Foreign, cfg.Rounds, cfg.Sizes = true, 2, []int64{1024}
				events, err := probeWorld(t.Context(), t, w, cfg)
				if err != nil {
					t.Fatal(err)
				}
				unknown := 0
				for _, s := range eventsOf[Sample](events) {
					unknown += s.Unknowns
					if s.Outcome != Replicated || s.Unconfirmed == direct {
						t.Errorf("%s, unconfirmed %v: %s", s.Outcome, s.Unconfirmed, s.Detail)
						continue
					}
					mustContainTruth(t, w, s)
				}
				if (unknown > 0) == direct {
					t.Errorf("%d polls prove nothing", unknown)
				}
			})
		})
	}
}

func TestAFailureOfAnotherDestinationDoesNotEndTheWaitForThisOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(20 * time.Second)
		w.rules = rulesOf("<Rule><Status>Enabled</Status><Destination><Bucket>OTHER</Bucket></Destination></Rule>" +
			"<Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::archive</Bucket></Destination></Rule>")
		w.fault = func(request *http.Request) *http.Response {
			bucket, key, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, "/"), "/")
			id := request.URL.Query().Get("versionId")
			w.mu.Lock()
			defer w.mu.Unlock()
			v := w.find(bucket, key, id)
			if request.Method != http.MethodHead || v == nil || v.origin != nil {
				return nil
			}
			answer := w.head(bucket, key, id, false)
			answer.Header.Set("X-Amz-Replication-Status", "FAILED")
			return answer
		}
		cfg := testConfig()
		cfg.Rounds, cfg.Sizes = 1, []int64{1024}
		events, err := probeWorld(t.Context(), t, w, cfg)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range eventsOf[Sample](events) {
			if s.Outcome != Replicated {
				t.Errorf("%s: %s", s.Outcome, s.Detail)
			}
		}
		named := 0
		for _, n := range eventsOf[NoticeEvent](events) {
			if strings.Contains(n.Text, "bucket archive") {
				named++
			}
		}
		if named != 2 {
			t.Errorf("%d warnings of the other bucket, want one a side", named)
		}
	})
}
