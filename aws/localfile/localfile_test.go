package localfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"bothways/aws/localfile"
)

func TestAFileIsReadUpToItsBoundAndNothingElseIs(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := localfile.Read(path, 5); err != nil || string(text) != "12345" {
		t.Errorf("at the bound: %q, %v", text, err)
	}
	if _, err := localfile.Read(path, 4); !isA[*localfile.TooLargeError](err) {
		t.Errorf("above the bound: %v", err)
	}
	for _, strange := range []string{dir, os.DevNull} {
		if _, err := localfile.Read(strange, 5); !isA[*localfile.NotRegularError](err) {
			t.Errorf("%s: %v", strange, err)
		}
	}
	if _, err := localfile.Read(filepath.Join(dir, "none"), 5); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
}

func isA[E error](err error) bool {
	_, is := errors.AsType[E](err)
	return is
}
