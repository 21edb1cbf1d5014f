package opened_test

import (
	"testing"
	"time"

	"bothways/aws/drill/opened"
)

// What an open drill does and what it left reads as sentences, whatever its kind.
func TestAnOpenDrillReadsAsSentences(t *testing.T) {
	at := time.Date(2026, 11, 29, 12, 0, 0, 0, time.Local)
	stands := []string{"experiment EXP1 in eu-west-1 (running)", "role bothways-abc123-fis-eu-west-1"}
	left := "It left in AWS: experiment EXP1 in eu-west-1 (running), role bothways-abc123-fis-eu-west-1."
	for name, row := range map[string]struct {
		open         opened.Open
		words, there string
	}{
		"goes on": {
			opened.Open{Drill: "d1", Running: true, Stands: stands},
			"drill d1 of this pair goes on in another process on this computer", "It has in AWS now: experiment EXP1 in eu-west-1 (running), role bothways-abc123-fis-eu-west-1.",
		},
		"pauses": {
			opened.Open{Drill: "d1", Since: at, By: "arn:aws:iam::111122223333:user/ana", Stands: stands, Pauses: true, Until: at.Add(time.Hour)},
			"drill d1 is open (since 2026-11-29 12:00:00, begun by arn:aws:iam::111122223333:user/ana); it pauses replication until 2026-11-29 13:00:00 at the latest, when AWS ends that by itself", left,
		},
		"pauses, nobody knows for how long": {
			opened.Open{Drill: "d1", Stands: stands, Pauses: true}, "drill d1 is open; it pauses replication until AWS ends that by itself", left,
		},
		"paused": {
			opened.Open{Drill: "d1", Since: at, Stands: stands}, "drill d1 is open (since 2026-11-29 12:00:00); it no longer pauses replication, but left things in AWS", left,
		},
		"fails objects": {
			opened.Open{Drill: "d1", Fails: true, Stands: []string{"inline policy p on role r"}},
			"drill d1 is open; objects of its own fail to replicate until its policy is off the role, and all others replicate", "It left in AWS: inline policy p on role r.",
		},
		"cut": {opened.Open{Drill: "d1", Since: at}, "drill d1 is open (since 2026-11-29 12:00:00); only its canaries may be left", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := row.open.Words(); got != row.words {
				t.Errorf("got %q", got)
			}
			if got := row.open.There(); got != row.there {
				t.Errorf("got %q", got)
			}
		})
	}
}
