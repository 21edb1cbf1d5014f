//go:build race

package sandbox_test

// seeds are how many random weeks are lived through: looking for races costs
// several times as much, and another week shows no other race. One of the two has
// roles that lack a right.
const seeds = 2
