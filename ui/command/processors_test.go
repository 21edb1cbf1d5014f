package command

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
	p := restProcessors()
	check("idle", 1)
	first, second := p.take(), p.take()
	check("two engines", 4)
	first()
	check("one engine", 4)
	second()
	check("idle again", 1)
	p.restore()
	check("ended", 4)
}
