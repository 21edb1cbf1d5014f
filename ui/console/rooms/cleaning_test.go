package rooms

import (
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/ui/console/host"
)

// What runs left goes without the pair, which the farewell goes on naming.
func TestLeftOverObjectsAreRemovedWithoutThePair(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.withProfile("dev").applied(true).press("esc", "x").at(host.TearDown).press("o")
		if frame := s.words(); !strings.Contains(frame, "and nothing else: the pair goes on replicating") || strings.Contains(frame, "buckets, too") {
			t.Errorf("the left-over objects alone:\n%s", frame)
		}
		s.removed()
		if got := s.last().plan.Purpose; got != pair.CleanUp {
			t.Errorf("it carried out a %s", got)
		}
		if frame := s.words(); !strings.Contains(frame, "Everything that runs left in") {
			t.Errorf("at the end:\n%s", frame)
		}
		s.says([]string{destroys(demoPair(), "--profile dev")})
	})
}
