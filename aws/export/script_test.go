package export

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"mvdan.cc/sh/v3/syntax"

	"bothways/aws/account"
	"bothways/aws/replication/step"
)

// commands are the words of every call of aws in a script, as a shell takes
// them.
func commands(t *testing.T, text string) []string {
	t.Helper()
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), "bothways.sh")
	if err != nil {
		t.Fatalf("%s\n%s", err, text)
	}
	var found []string
	syntax.Walk(file, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 || call.Args[0].Lit() != "aws" {
			return true
		}
		var words []string
		for _, arg := range call.Args {
			var word strings.Builder
			for _, part := range arg.Parts {
				switch p := part.(type) {
				case *syntax.Lit:
					word.WriteString(strings.ReplaceAll(p.Value, `\'`, `'`))
				case *syntax.SglQuoted:
					word.WriteString(p.Value)
				default:
					t.Errorf("a word that the shell would change: %T in %s", part, arg.Pos())
				}
			}
			words = append(words, word.String())
		}
		found = append(found, strings.Join(words, "\x00"))
		return true
	})
	return found
}

func TestTheScriptIsThePlansCallsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := demo()
		p.Options.Prefix = "it's \"$(touch x)\" `y`/"
		plan := planned(t, newLab(t, p).world)
		var lines []string
		for _, st := range plan.Steps {
			if st.Change != step.Prove {
				lines = append(lines, st.CLI)
			}
		}
		got, want := commands(t, script(plan)), commands(t, strings.Join(lines, "\n"))
		guards := 0
		got = slices.DeleteFunc(got, func(call string) bool {
			guard := strings.HasPrefix(call, "aws\x00s3api\x00get-")
			if guard {
				guards++
			}
			return guard
		})
		if guards != 2 {
			t.Errorf("%d calls look whether there is still what was there, want one before each rule", guards)
		}
		if len(lines) == 0 || len(got) < len(lines) || strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%d calls\n%s\nwant\n%s", len(got), strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

func TestThePlanOfAPairThatStandsIsAScriptWithoutCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t, demo())
		apply(t, planned(t, l.world))
		text := script(planned(t, l.world))
		if calls := commands(t, text); len(calls) > 0 || !strings.Contains(text, "Nothing is missing") {
			t.Errorf("%s", text)
		}
	})
}

func FuzzQuoteIsOneWordOfTheShell(f *testing.F) {
	for _, seed := range []string{"", "a b", "it's", "$(x)", "`x`", "a\nb", `\`, "é", "-x", "'", "''", "!", "~", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
		if strings.Contains(text, "\r") {
			return // the parser drops it from scripts, as it stands in files of another system
		}
		words := commands(t, "aws "+account.Quote(text)+"\n")
		if len(words) != 1 || words[0] != "aws\x00"+text {
			t.Fatalf("%q is written %s and means %q", text, account.Quote(text), words)
		}
	})
}
