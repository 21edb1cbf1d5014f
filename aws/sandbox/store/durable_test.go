package store

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"testing"

	"bothways/aws/sandbox/state"
)

// durable opens a store that is kept in a directory, with what is there.
func durable(t *testing.T, dir string) (*Store, *state.Log) {
	t.Helper()
	bodies := OpenDurableBodyStore(filepath.Join(dir, "bodies"))
	s := New(bodies, 1)
	log, err := state.Open(dir, func(kind string, value json.RawMessage) error {
		_, err := s.Replay(kind, value)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := bodies.Sweep(); err != nil {
		t.Fatal(err)
	}
	if _, err := log.Rewrite(s.Dump); err != nil {
		t.Fatal(err)
	}
	s.Persist(log)
	return s, log
}

// body makes a body that lies in a file.
func (s *Store) testBody(t *testing.T, letter string) *Body {
	t.Helper()
	body, err := s.Bodies.Write(bytes.NewReader(bytes.Repeat([]byte(letter), tiny+1)), io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestBytesStayUntilTheLogOnDiskForgetsThem(t *testing.T) {
	dir := t.TempDir()
	s, log := durable(t, dir)
	b, err := s.Create("b", "eu-west-1", "1")
	if err != nil {
		t.Fatal(err)
	}
	files := func() int {
		entries, err := os.ReadDir(s.Bodies.dir)
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	for _, letter := range []string{"a", "b"} {
		if _, err := b.Commit(&Version{Key: "k", Body: s.testBody(t, letter)}, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := files(); got != 2 {
		t.Errorf("%d files before anything is on disk, want 2: a crash would bring back the first", got)
	}
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	if got := files(); got != 1 {
		t.Errorf("%d files afterwards, want 1", got)
	}
	if _, err := b.DeleteVersion("k", NullID, nil); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Bodies.Close(); err != nil {
		t.Fatal(err)
	}
	if got := files(); got != 0 {
		t.Errorf("%d files after the end", got)
	}
}

func TestUploadsAreKept(t *testing.T) {
	dir := t.TempDir()
	s, log := durable(t, dir)
	b, err := s.Create("b", "eu-west-1", "1")
	if err != nil {
		t.Fatal(err)
	}
	begin := func(key string) *Upload {
		u, err := b.Begin(Version{Key: key, Meta: map[string]string{"a": "b"}}, true, map[string]string{"k": "v"})
		if err != nil {
			t.Fatal(err)
		}
		for number, letter := range map[int]string{1: "x", 2: "y"} {
			p := &UploadPart{Number: number, Body: s.testBody(t, letter), MD5: []byte(letter)}
			if err := b.AddPart(key, u.ID, p); err != nil {
				t.Fatal(err)
			}
		}
		return u
	}
	open, given, done := begin("open"), begin("given up"), begin("done")
	if err := b.AddPart("open", open.ID, &UploadPart{Number: 2, Body: s.testBody(t, "z"), MD5: []byte("z")}); err != nil {
		t.Fatal(err)
	}
	if err := b.Abort("given up", given.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Complete("done", done.ID, func(u *Upload, parts map[int]*UploadPart) (*Version, error) {
		v := u.Draft
		v.Body = Join([]*Body{parts[1].Body, parts[2].Body})
		v.Size = v.Body.Size()
		return &v, nil
	}, nil, nil); err != nil {
		t.Fatal(err)
	}

	for run := range 2 { // the second reads what the first wrote anew
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		s, log = durable(t, dir)
		b, _ = s.Bucket("b")
		uploads := b.Uploads()
		if len(uploads) != 1 || uploads[0].ID != open.ID || uploads[0].Draft.Meta["a"] != "b" || !uploads[0].ChecksumAsked || uploads[0].Said["k"] != "v" {
			t.Fatalf("run %d: uploads %+v", run, uploads)
		}
		parts, err := b.Parts("open", open.ID)
		if err != nil || len(parts) != 2 || string(parts[1].MD5) != "z" || parts[0].Body.Size() != tiny+1 {
			t.Fatalf("run %d: parts %+v, %v", run, parts, err)
		}
		v, err := b.Find("done", "")
		if err != nil || v.Body.Size() != 2*(tiny+1) {
			t.Fatalf("run %d: what was completed: %+v, %v", run, v, err)
		}
		var bytes bytes.Buffer
		if err := v.Body.WriteRange(&bytes, tiny, 2); err != nil || bytes.String() != "xy" {
			t.Errorf("run %d: the bytes where the parts meet are %q, %v", run, bytes.String(), err)
		}
	}
	if err := b.Abort("open", open.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(s.Bodies.dir); err != nil || len(entries) != 2 {
		t.Errorf("%d files are left, want the two of the version: %v", len(entries), err)
	}
	if err := log.Close(); err != nil {
		t.Error(err)
	}
}

func TestOnlyBodiesOfItsOwnAreSweptAway(t *testing.T) {
	dir := t.TempDir()
	s, log := durable(t, dir)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	theirs := filepath.Join(s.Bodies.dir, "1")
	ours := filepath.Join(s.Bodies.dir, "1.body")
	for _, path := range []string{theirs, ours, filepath.Join(s.Bodies.dir, "notes.txt")} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, log = durable(t, dir)
	if _, err := os.Stat(ours); err == nil {
		t.Error("what an upload left is still there")
	}
	if entries, err := os.ReadDir(s.Bodies.dir); err != nil || len(entries) != 2 {
		t.Errorf("of two files of others %d are there: %v", len(entries), err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAVersionWithoutItsBytesIsNamed(t *testing.T) {
	dir := t.TempDir()
	s, log := durable(t, dir)
	b, err := s.Create("b", "eu-west-1", "1")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"kept", "lost", "deleted"} {
		if _, err := b.Commit(&Version{Key: key, Body: s.testBody(t, key[:1])}, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.DeleteVersion("deleted", NullID, nil); err != nil {
		t.Fatal(err)
	}
	lost, err := b.Find("lost", "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(lost.Body.pieces[0].path); err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	s, log = durable(t, dir)
	if names := s.Lost(); len(names) != 1 || names[0] != "b/lost, version null" {
		t.Errorf("lost: %q", names)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
}
