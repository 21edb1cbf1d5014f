package system

import (
	"runtime"
	"testing"
)

func TestAnEngineHasAllProcessorsAndAnIdleConsoleOne(t *testing.T) {
	before := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(before)
	check := func(when string, want int) {
		t.Helper()
		if got := runtime.GOMAXPROCS(0); got != want {
			t.Errorf("%s: %d processors, want %d", when, got, want)
		}
	}
	p := RestProcessors()
	check("idle", 1)
	first, second := p.Take(), p.Take()
	check("two engines", 4)
	first()
	check("one engine", 4)
	second()
	check("idle again", 1)
	p.Restore()
	check("ended", 4)
}
