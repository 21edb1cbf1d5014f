package state_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
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
