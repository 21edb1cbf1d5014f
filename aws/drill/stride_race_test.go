//go:build race

package drill_test

// stride is how far apart the calls are at which a drill is killed. Looking for
// races costs several times as much, and another of them shows no other race.
const stride = 15
