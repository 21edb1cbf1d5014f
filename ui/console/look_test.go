package console

import (
	"fmt"
	"os"
	"testing"
)

func TestLook(t *testing.T) {
	w, h := 80, 24
	fmt.Sscan(os.Getenv("LOOK"), &w, &h)
	for _, s := range scenes {
		if o := os.Getenv("ONLY"); o != "" && o != s.name {
			continue
		}
		fmt.Printf("=== %s\n%s\n", s.name, text(s.build(t, w, h)))
	}
}
