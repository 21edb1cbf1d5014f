package state_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"bothways/aws/sandbox/state"
)

func FuzzOpen(f *testing.F) {
	f.Add([]byte("{\"kind\":\"format\",\"value\":1}\n{\"kind\":\"bucket\",\"value\":{}}\n{\"kind\":\"buc"))
	f.Add([]byte("{\"kind\":\"format\",\"value\":2}\n"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "sandbox.jsonl"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		var kinds []string
		log, err := state.Open(dir, func(kind string, _ json.RawMessage) error {
			kinds = append(kinds, kind)
			return nil
		})
		if err != nil {
			if _, err := os.Stat(filepath.Join(dir, "lock")); err == nil {
				t.Error("a log that was refused stays locked")
			}
			return
		}
		_, err = log.Rewrite(func(write func(string, any)) {
			for range kinds {
				write("again", 1)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		log.Append("more", "x")
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
		count := 0
		log, err = state.Open(dir, func(string, json.RawMessage) error { count++; return nil })
		if err != nil || count != len(kinds)+1 {
			t.Fatalf("%d entries became %d: %v", len(kinds)+1, count, err)
		}
		if err := log.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
