package command

import (
	"os"
	"regexp"
	"testing"
)

// A command that the README's list leaves out is found by nobody.
func TestTheReadmeListsEveryCommand(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := (&app{}).root().Commands()
	if len(commands) == 0 {
		t.Fatal("there is no command")
	}
	for _, c := range commands {
		if !c.Runnable() || c.Hidden { // a page of help, or for who packs the program
			continue
		}
		if !regexp.MustCompile(`(?m)^bothways ` + regexp.QuoteMeta(c.Name()) + ` `).Match(page) {
			t.Errorf("the README's list lacks bothways %s", c.Name())
		}
	}
}
