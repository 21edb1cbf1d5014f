package drill_test

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain has garbage collected less often: each test fills a sandbox and leaves
// it, and what it takes at most stays small.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
