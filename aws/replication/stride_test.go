//go:build !race

package replication_test

// stride is how far apart the calls are at which a run is killed, and the worlds
// and seeds of the longest tests: every one.
const stride = 1
