package wording_test

import (
	"testing"

	"bothways/probe/wording"
)

func TestTwelveDigitsAreMasked(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "",
		"111122223333":                      "************",
		"1111222233334":                     "1111222233334",
		"a-111122223333-b 11112222333 x":    "a-************-b 11112222333 x",
		"arn:aws:iam::111122223333:role/é1": "arn:aws:iam::************:role/é1",
	} {
		if got := wording.MaskAccounts(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestACellIsNoFormulaAndMarkdownIsText(t *testing.T) {
	for text, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "-2": "'-2", "a=b": "a=b", "＝1+1": "'＝1+1", "＠x": "'＠x", "": "", "\x1b[2J": `\x1b[2J`} {
		if got := wording.Cell(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := wording.Markdown("a|b_<c>"); got != `a\|b\_\<c\>` {
		t.Error(got)
	}
}
