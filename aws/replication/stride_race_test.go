//go:build race

package replication_test

// stride is how far apart the calls are at which a run is killed. Looking for
// races costs several times as much, and another call shows no other race.
const stride = 4
