//go:build race

package rooms

// stride is how many scenes are gone on for each that is played. Looking for races
// costs several times as much, and every scene is drawn by the same goroutine.
const stride = 5
