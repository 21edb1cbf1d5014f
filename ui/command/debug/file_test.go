//go:build unix

package debug

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func same(text string) string { return text }

func TestNothingOfOthersIsWrittenTo(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	theirs := at("theirs")
	for _, err := range []error{
		os.WriteFile(theirs, []byte("a letter\n"), 0o600), os.Symlink(theirs, at("link")), os.Symlink(at("nowhere"), at("dangling")),
		syscall.Mkfifo(at("pipe"), 0o600), os.Mkdir(at("folder"), 0o700), os.Symlink("/dev/null", at("device")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, why := range map[string]string{
		"theirs": "no debug log of bothways", "link": "symbolic link", "dangling": "symbolic link", "device": "symbolic link",
		"pipe": "named pipe", "folder": "folder", "absent/log": "no such file",
	} {
		if _, err := Open(at(name), Run{}, same); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open("/dev/null", Run{}, same); err == nil || !strings.Contains(err.Error(), "device") {
		t.Errorf("a device: %v", err)
	}
	text, err := os.ReadFile(theirs)
	if err != nil || string(text) != "a letter\n" {
		t.Errorf("their file has %q, %v", text, err)
	}
	if _, err := os.Lstat(at("nowhere")); err == nil {
		t.Error("a link was followed to where nothing was")
	}
}

func TestALogGoesOnBehindAnotherAndIsItsOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	ours, empty := filepath.Join(dir, "ours"), filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{ours, ours, empty} {
		log, err := Open(path, Run{Version: "v"}, same)
		if err != nil {
			t.Fatal(err)
		}
		if err := log.Ended(3, errors.New("why")); err != nil {
			t.Error(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("its mode is %v, %v", info.Mode(), err)
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(ours)
	if err != nil || strings.Count(string(text), begins) != 2 || strings.Count(string(text), `"exit_code":3,"error":"why"`) != 2 {
		t.Errorf("it has\n%s%v", text, err)
	}
}

// full is a disk with room for a few bytes.
type full struct{ calls int }

func (f *full) Write([]byte) (int, error) {
	f.calls++
	return 1, syscall.ENOSPC
}

func TestADiskThatIsFullEndsTheLogAndNotTheRun(t *testing.T) {
	log, err := Open(filepath.Join(t.TempDir(), "log"), Run{}, same)
	if err != nil {
		t.Fatal(err)
	}
	disk := &full{}
	log.written.to = disk
	log.Said("one")
	log.Said("two")
	if err := log.Ended(0, nil); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), log.path) || disk.calls != 1 {
		t.Errorf("after %d writes it says %v", disk.calls, err)
	}
}
