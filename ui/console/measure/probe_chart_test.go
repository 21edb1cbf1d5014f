package measure

import (
	"testing"
	"time"
)

func TestEveryZoomChangesTheChart(t *testing.T) {
	for _, age := range []time.Duration{5 * time.Second, 70 * time.Second, 20 * time.Minute, 30 * time.Hour} {
		var c charts
		last := age
		for c.zoomIn(age) {
			if c.window >= last {
				t.Fatalf("at %v: from %v to %v", age, last, c.window)
			}
			last = c.window
		}
		for c.zoomOut(age) {
			if c.window != 0 && c.window <= last {
				t.Fatalf("at %v: from %v to %v", age, last, c.window)
			}
			last = c.window
		}
		if c.window != 0 {
			t.Errorf("at %v all the way out shows %v", age, c.window)
		}
	}
}
