package policy_test

import (
	"strings"
	"testing"

	"bothways/aws/sandbox/iam/policy"
)

func FuzzCovers(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("**?", "")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if policy.Covers(pattern, text) && strings.Trim(pattern, "*?") == pattern && pattern != text && !strings.ContainsAny(pattern, "*?") {
			t.Errorf("%q matches %q", pattern, text)
		}
		if !policy.Covers(text, text) || !policy.Covers("*"+text, "x"+text) || !policy.Covers(text+"*", text+"x") {
			t.Errorf("%q does not match itself", text)
		}
	})
}
