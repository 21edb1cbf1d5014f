package state_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bothways/aws/sandbox/state"
)

func nothing(string, json.RawMessage) error { return nil }

func TestOneOfManyGetsADirectory(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, state.LockName), []byte("1"), 0o600); err != nil { // of a process that is gone, or was another's
		t.Fatal(err)
	}
	for range 50 {
		var all sync.WaitGroup
		var got atomic.Int32
		locks := make(chan *state.Lock, 8)
		for range cap(locks) {
			all.Go(func() {
				if lock, err := state.Hold(dir); err == nil {
					got.Add(1)
					locks <- lock
				}
			})
		}
		all.Wait()
		if got.Load() != 1 {
			t.Fatalf("%d hold it", got.Load())
		}
		if err := (<-locks).Release(); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left: %v, %v", left, err)
	}
}

func TestADirectoryOfOthersIsRefusedAndLeftAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "bodies"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := state.Open(dir, nothing); err == nil || !strings.Contains(err.Error(), `"bodies"`) {
		t.Errorf("it is said: %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestAStateWithoutRoomIsServedAsItWas(t *testing.T) {
	dir := t.TempDir()
	text := "{\"kind\":\"format\",\"value\":1}\n{\"kind\":\"n\",\"value\":1}\n{\"kind\":\"n\",\"val"
	path := filepath.Join(dir, "sandbox.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := state.Open(dir, nothing)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path+".new", 0o700); err != nil { // as good as no room for it
		t.Fatal(err)
	}
	full, err := log.Rewrite(func(func(string, any)) {})
	if full == nil || err != nil {
		t.Errorf("full %v, %v", full, err)
	}
	log.Append("n", 2)
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != "{\"kind\":\"format\",\"value\":1}\n{\"kind\":\"n\",\"value\":1}\n{\"n\":3,\"kind\":\"n\",\"value\":2}\n" {
		t.Errorf("the file is %q, %v", now, err)
	}
}
