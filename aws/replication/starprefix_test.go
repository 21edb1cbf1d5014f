package replication_test

import (
	"testing"
	"testing/synctest"
	"time"

	"bothways/aws/pair"
	"bothways/aws/policy"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/step"
	"bothways/aws/replication/wanted"
)

// A prefix stands for itself, whatever its characters mean in a policy.
func TestARoleMayNoMoreThanItsPrefixWhateverThatHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := testPair
		p.Options.Prefix = "a*b?c/$/${aws:username}/"
		l := newLab(t, p)
		found := l.survey(t)
		document, err := policy.Parse(wanted.ComposeDirection(found, pair.AtoB).Policy)
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range map[string]policy.Answer{
			p.Options.Prefix + "key":           policy.Yes,
			"aXXb?c/$/${aws:username}/key":     policy.No,
			"a*bXc/$/${aws:username}/key":      policy.No,
			"a*b?c/$/somebody/key":             policy.No,
			"a*b?c/other/${aws:username}/key":  policy.No,
			"a*b?c/${$}/${aws:username}/other": policy.No,
		} {
			request := policy.Request{Principal: "arn:aws:iam::123456789012:role/r", Action: "s3:GetObjectVersionForReplication", Resource: p.A.BucketARN() + "/" + key}
			if got := document.Allows(request).Answer; got != want {
				t.Errorf("%s: %v, wanted %v", key, got, want)
			}
		}
		applyAny(t, plan.SetUp(found))
		for _, s := range l.setUp(t).Steps {
			if s.Change != step.Nothing && s.Kind != step.KindCanary {
				t.Errorf("%s is planned again", s.ID)
			}
		}
		l.put(t, pair.A, p.Options.Prefix+"key")
		pass(20 * time.Minute)
		if keys := l.keysOn(t, pair.B, 1000); len(keys) == 0 {
			t.Error("nothing arrived")
		}
	})
}
