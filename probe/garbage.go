package probe

import "runtime/debug"

const (
	// busyRate, in requests a second, is that of about 400 probes in flight.
	busyRate = 1000
	// lazily is the growth of the heap, in percent, that a busy run lets pass
	// between two collections of garbage. The runtime's own is 100.
	lazily = 400
)

// collectLazily has the runtime collect garbage less often while a busy run
// lasts; restore puts that back. A collection takes half of two processors,
// and polls that fall into it go out late: with 2,000 probes in flight the
// brackets were up to a sixth wider, and are a thirtieth wider with fewer
// collections. It costs memory, some tens of MB, which a run at such a rate is
// worth. Whoever set GOGC higher, or off, keeps that.
func (c Config) collectLazily() (restore func()) {
	if c.rate() < busyRate {
		return func() {}
	}
	usual := debug.SetGCPercent(lazily)
	if usual < 0 || usual > lazily {
		debug.SetGCPercent(usual)
	}
	return func() { debug.SetGCPercent(usual) }
}
