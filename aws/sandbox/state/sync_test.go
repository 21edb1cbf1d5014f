package state_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"bothways/aws/sandbox/state"
)

func TestManyWaitForTheDiskAtOnce(t *testing.T) {
	dir := t.TempDir()
	log, err := state.Open(dir, func(string, json.RawMessage) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.Rewrite(func(func(string, any)) {}); err != nil {
		t.Fatal(err)
	}
	const writers, entries = 8, 10
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range entries {
				log.Append("n", 1)
				if err := log.Sync(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	text, err := os.ReadFile(filepath.Join(dir, "sandbox.jsonl"))
	if err != nil || bytes.Count(text, []byte("\n")) != 1+writers*entries {
		t.Errorf("%d lines, %v", bytes.Count(text, []byte("\n")), err)
	}
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	log.Append("n", 2)
	if err := log.Sync(); err != nil {
		t.Errorf("nothing is to be written after the end: %v", err)
	}
}

func TestAFailureToWriteIsToldToThoseWhoWait(t *testing.T) {
	log, err := state.Open(t.TempDir(), func(string, json.RawMessage) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.Rewrite(func(func(string, any)) {}); err != nil {
		t.Fatal(err)
	}
	log.Append("function", func() {}) // has no JSON form
	if err := log.Sync(); err == nil {
		t.Error("what could not be written counts as written")
	}
	if err := log.Close(); err == nil {
		t.Error("the end doesn't tell")
	}
}

// small is a file on a disk of so many bytes.
type small struct {
	state.File
	room, used int
}

func (s *small) Write(p []byte) (int, error) {
	n, err := s.File.Write(p[:min(len(p), s.room-s.used)])
	if s.used += n; err == nil && n < len(p) {
		err = syscall.ENOSPC
	}
	return n, err
}

func (s *small) Truncate(size int64) error {
	s.used = int(size)
	return s.File.Truncate(size)
}

func TestAFullDiskIsToldUntilThereIsRoomAndThenNothingIsMissing(t *testing.T) {
	dir := t.TempDir()
	log, err := state.Open(dir, nothing)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := log.Rewrite(func(func(string, any)) {}); err != nil {
		t.Fatal(err)
	}
	first, err := os.ReadFile(filepath.Join(dir, "sandbox.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	disk := &small{room: 80, used: len(first)}
	log.Through(func(f state.File) state.File { disk.File = f; return disk })
	const entries = 9
	failed := 0
	for n := range entries {
		if n == 7 {
			disk.room = 1 << 20
		}
		log.Append("n", n)
		if err := log.Sync(); err != nil {
			failed++
			if !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("%d: %v", n, err)
			}
		}
		if text, err := os.ReadFile(filepath.Join(dir, "sandbox.jsonl")); err != nil || !bytes.HasSuffix(text, []byte("\n")) {
			t.Errorf("after %d the file ends within a line: %q, %v", n, text, err)
		}
	}
	if failed < 3 || failed > 6 {
		t.Errorf("%d of %d were told to have failed", failed, entries)
	}
	if err := log.Close(); err != nil {
		t.Error(err)
	}
	var got []string
	again, err := state.Open(dir, func(_ string, value json.RawMessage) error {
		got = append(got, string(value))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if all := strings.Join(got, " "); all != "0 1 2 3 4 5 6 7 8" {
		t.Errorf("the file holds %s", all)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}
