//go:build !race

package backfill_test

// whole is how many versions the closed loop has.
const whole = 10_000

// stride is from kill to kill.
const stride = 1
