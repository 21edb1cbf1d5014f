package store

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What a killed run trusted is swept at the next start, and no other's.
func TestTheAuthorityOfAKilledRunIsSwept(t *testing.T) {
	parent := t.TempDir()
	killed := filepath.Join(parent, folderPrefix+"killed")
	if err := os.Mkdir(killed, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"lock", authorityName} {
		if err := os.WriteFile(filepath.Join(killed, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * unlockedFor) // it has been left for a while
	if err := os.Chtimes(killed, long, long); err != nil {
		t.Fatal(err)
	}
	lives, leave, err := KeepAuthority(parent, []byte("trusted"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(killed); !os.IsNotExist(err) {
		t.Errorf("of the killed run is left: %v", err)
	}
	if _, err := OpenBodyStore(parent); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(lives); err != nil || string(text) != "trusted" {
		t.Errorf("of one that lives is read %q, %v", text, err)
	}
	if err := leave(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("in the end %v is left, %v", left, err)
	}
}
