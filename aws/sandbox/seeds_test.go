//go:build !race

package sandbox_test

// seeds are how many random weeks are lived through.
const seeds = 8
