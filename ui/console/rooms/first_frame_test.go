package rooms

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"bothways/ui/console"
)

func TestTheFirstFrameWaitsForNoMessage(t *testing.T) {
	a := console.New(t.Context(), console.Config{Width: 120, Height: 40}, All)
	if frame := ansi.Strip(a.View().Content); !strings.Contains(frame, "1 Where") {
		t.Errorf("before the first message:\n%s", frame)
	}
}
