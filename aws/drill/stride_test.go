//go:build !race

package drill_test

// stride is how far apart the calls are at which a drill is killed: every one.
const stride = 1
