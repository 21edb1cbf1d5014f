//go:build !race

package drill_test

// stride is how far apart the calls are at which a drill is killed: an odd number,
// since every other one loses the journal. BenchmarkDrillKill in ui/command kills
// at any moment.
const stride = 3
