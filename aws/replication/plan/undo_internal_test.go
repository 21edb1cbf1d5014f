package plan

import (
	"slices"
	"testing"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
)

// A kind of step that nobody thought of when undo was written: it is undone
// by what it says of itself, or not at all.
func TestAnUndoHasOfAnyKindOnlyWhatTheRunMade(t *testing.T) {
	whole := Plan{Purpose: pair.TearDown, Steps: []step.Step{
		{ID: "remove-lifecycle-a", Kind: "lifecycle", Undoes: []string{"lifecycle-a"}},
		{ID: "remove-lifecycle-b", Kind: "lifecycle", Undoes: []string{"lifecycle-b"}, Needs: []string{"remove-lifecycle-a"}},
		{ID: "remove-both", Kind: "lifecycle", Undoes: []string{"lifecycle-a", "lifecycle-b"}},
		{ID: "remove-what", Kind: "lifecycle"},
		{ID: "remove-objects-a", Kind: step.KindObjects, Sweeps: true},
		{ID: "remove-bucket-b", Kind: step.KindBucket, Undoes: []string{"bucket-b"}, Needs: []string{"remove-lifecycle-b", "remove-objects-a"}},
	}}
	for _, title := range []string{"", "rule", "bucket", "objects", "anything else"} {
		for i := range whole.Steps {
			whole.Steps[i].Title, whole.Steps[i].What = title, title
		}
		undo := whole.limitedTo(map[string]bool{"lifecycle-a": true, "lifecycle-b": false, "bucket-b": true})
		if got, want := ids(undo.Steps), []string{"remove-lifecycle-a", "remove-objects-a", "remove-bucket-b"}; !slices.Equal(got, want) {
			t.Errorf("with the title %q the undo is %v, want %v", title, got, want)
			continue
		}
		if needs := undo.Steps[2].Needs; !slices.Equal(needs, []string{"remove-objects-a"}) {
			t.Errorf("it needs %v", needs)
		}
	}
}
