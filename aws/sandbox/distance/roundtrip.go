package distance

import "time"

const (
	// vantageLag is the round trip within the city, in milliseconds.
	vantageLag = 12.0
	// msPerKilometre is the round trip a kilometre of great circle costs:
	// light in fibre takes 0.01 ms there and back, cables make a detour of
	// about a third, and routers add to it. It puts Singapore 175 ms from
	// Dublin.
	msPerKilometre = 163.0 / 11190
)

// RoundTrip returns the simulated round-trip time from a client in Dublin
// (near eu-west-1) to a region: 12 ms plus 14.6 µs a kilometre. An unknown
// region counts as 9,000 km away.
func RoundTrip(region string) time.Duration {
	ms := vantageLag + msPerKilometre*Kilometres("eu-west-1", region)
	return time.Duration(ms * float64(time.Millisecond))
}
