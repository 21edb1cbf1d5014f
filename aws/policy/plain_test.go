package policy

import "testing"

func TestATextInAPatternStandsForItselfAlone(t *testing.T) {
	for _, text := range []string{"a*b?c/", "${aws:username}/", "$$*", "${*}", "${$}?", "plain/", "$", "a${", "}*{"} {
		pattern := "arn:aws:s3:::b/" + Plain(text) + "*"
		if example := Example(pattern, "x"); example != "arn:aws:s3:::b/"+text+"x" {
			t.Errorf("an example of %q is %q", pattern, example)
		}
		if !Covers(pattern, "arn:aws:s3:::b/"+text+"key") {
			t.Errorf("%q does not cover what is under %q", pattern, text)
		}
	}
	for _, other := range []string{"aXXb?c/k", "a*bXc/k", "a*b?/k"} {
		if Covers("arn:aws:s3:::b/"+Plain("a*b?c/")+"*", "arn:aws:s3:::b/"+other) {
			t.Errorf("a*b?c/ covers %s", other)
		}
	}
}
