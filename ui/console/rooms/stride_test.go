//go:build !race

package rooms

// stride is how many scenes are gone on for each that is played: all are.
const stride = 1
