package store

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"
	"time"

	"bothways/aws/sandbox/state"
)

func open(t *testing.T) *BodyStore {
	t.Helper()
	d, err := OpenBodyStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func files(t *testing.T, d *BodyStore) int {
	t.Helper()
	if d.dir == "" {
		return 0
	}
	found, err := filepath.Glob(filepath.Join(d.dir, "*"+bodyExtension))
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

func TestBodiesComeBackWhateverTheirSize(t *testing.T) {
	d := open(t)
	for _, size := range []int{0, 1, fileAbove - 1, fileAbove, fileAbove + 1, 3*fileAbove + 7} {
		content := bytes.Repeat([]byte("0123456789abcdefg"), size/17+1)[:size]
		var summed bytes.Buffer
		body, err := d.Write(iotest.HalfReader(bytes.NewReader(content)), &summed)
		if err != nil {
			t.Fatal(err)
		}
		var back bytes.Buffer
		if err := body.WriteRange(&back, 0, body.Size()); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(back.Bytes(), content) || !bytes.Equal(summed.Bytes(), content) {
			t.Errorf("size %d: %d bytes back, %d summed", size, back.Len(), summed.Len())
		}
		body.Release()
	}
	if n := files(t, d); n != 0 || d.held.Load() != 0 {
		t.Errorf("after the release: %d files, %d bytes in memory", n, d.held.Load())
	}
}

func TestJoinedBodyOutlivesItsParts(t *testing.T) {
	d := open(t)
	var parts []*Body
	var content []byte
	for i, size := range []int{10, 2 * fileAbove, 20} {
		part := bytes.Repeat([]byte{byte('a' + i)}, size)
		content = append(content, part...)
		body, err := d.Write(bytes.NewReader(part), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, body)
	}
	joined := Join(parts)
	for _, p := range parts {
		p.Release()
	}
	for _, span := range [][2]int64{{0, joined.Size()}, {5, 10}, {9, 2 * fileAbove}, {joined.Size() - 3, 3}} {
		reader := joined.Reader(span[0], span[1])
		back, err := io.ReadAll(reader)
		if err != nil || !bytes.Equal(back, content[span[0]:span[0]+span[1]]) {
			t.Errorf("range %v: %d bytes, %v", span, len(back), err)
		}
		_ = reader.Close()
	}
	joined.Release()
	if n := files(t, d); n != 0 {
		t.Errorf("%d files left", n)
	}
}

func TestBodyThatBreaksOffIsNotKept(t *testing.T) {
	d := open(t)
	broken := errors.New("broken")
	for _, size := range []int{10, 2 * fileAbove} {
		source := io.MultiReader(bytes.NewReader(make([]byte, size)), iotest.ErrReader(broken))
		if _, err := d.Write(source, io.Discard); !errors.Is(err, broken) {
			t.Errorf("size %d: %v", size, err)
		}
	}
	if n := files(t, d); n != 0 || d.held.Load() != 0 {
		t.Errorf("%d files and %d bytes left", n, d.held.Load())
	}
}

func TestMemoryIsBoundedWhateverTheNumberOfBodies(t *testing.T) {
	d := open(t)
	content := make([]byte, fileAbove/2)
	for range 2*memoryBudget/len(content) + 10 {
		if _, err := d.Write(bytes.NewReader(content), io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	if held := d.held.Load(); held > memoryBudget || files(t, d) == 0 {
		t.Errorf("%d bytes in memory, %d files", held, files(t, d))
	}
}

func TestWhatACrashedRunLeftIsRemovedAndOnlyThat(t *testing.T) {
	parent := t.TempDir()
	plant := func(name string, files ...string) string {
		dir := filepath.Join(parent, name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if err := os.WriteFile(filepath.Join(dir, file), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	living := open(t)
	living.parent = parent
	if _, err := living.folder(); err != nil {
		t.Fatal(err)
	}
	long := func(dir string) string {
		old := time.Now().Add(-2 * lockedFor)
		if err := os.Chtimes(dir, old, old); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	stays := map[string]bool{
		long(plant(folderPrefix+"1", state.LockName, "7.body")): false,
		long(living.dir): true,
		long(plant(folderPrefix+"2", state.LockName, "letter.txt")): true, // somebody else's, by its name
		long(plant(folderPrefix+"3", "7.body")):                     true, // it may be about to be locked
		plant(folderPrefix+"4", state.LockName):                     true, // and so may this
		long(plant("other", state.LockName, "7.body")):              true,
	}
	if _, err := OpenBodyStore(parent); err != nil {
		t.Fatal(err)
	}
	for dir, want := range stays {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s: there %v, want %v", dir, err == nil, want)
		}
	}
}

func TestAStoreThatNeedsNoFileMakesNone(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "missing")
	d, err := OpenBodyStore(parent)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Write(bytes.NewReader(make([]byte, tiny)), io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(parent); err == nil {
		t.Error("a directory was made for nothing")
	}
}
