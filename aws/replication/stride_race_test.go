//go:build race

package replication_test

// stride is how far apart the calls are at which a run is killed, and the worlds
// and seeds of the longest tests. Looking for races costs several times as much,
// and another of them shows no other race.
const stride = 16
