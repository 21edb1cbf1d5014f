package rooms

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bothways/aws/account"
	"bothways/ui/console/host"
)

// saved is the text of a report that was saved.
func saved(t *testing.T, dir, extension string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "bothways-new."+extension))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// savesIn lets the console save in a folder of its own.
func (s *stage) savesIn() (dir string) {
	s.cfg.SaveDir = s.t.TempDir()
	return s.cfg.SaveDir
}

func TestTheFilesThatWereSavedAreNamed(t *testing.T) {
	play(t, 80, 24, func(s *stage) {
		s.savesIn()
		s.recording().measuring(12).end(nil).press("enter").at(host.Results)
		s.press("s").shows("✓ saved      bothways-new.json, .csv, .md, .html in", "raw samples")
	})
}

func TestSavingIntoAFolderThatCannotBeWrittenOffersAnother(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		dir := s.savesIn()
		s.measuring(12).end(nil).press("enter").at(host.Results)
		s.press("w", "end", "ctrl+u").typed(filepath.Join(dir, "missing")).press("enter").hides("Save in which folder?", "✓ saved").shows("✗ not saved", "w saves elsewhere")
		if !strings.Contains(s.words(), "no such file") {
			t.Fatalf("after the failure:\n%s", s.text())
		}
		s.press("w", "esc", "w").hides("not saved")
		if got := s.Typing().String(); got != dir {
			t.Fatalf("w after esc begins with %q", got)
		}
		s.press("enter").shows("✓ saved")
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != 4 {
			t.Errorf("%v in the other folder (%v), want no temporary files", files, err)
		}
		if text := saved(t, dir, "md"); !strings.Contains(text, "simulated distances") || !strings.Contains(text, "128 KiB") {
			t.Errorf("the Markdown report:\n%s", text)
		}
	})
}

func TestFilesSavedDuringARunAreWrittenAnewAtItsEnd(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		dir := s.savesIn()
		s.measuring(7).press("s").shows("saved bothways-new.json, .csv, .md, .html in")
		s.tell(late()).press("enter").at(host.Results).shows("at 80 of 81 samples, s saves again", "enter shows it")
		s.says([]string{"(at 80 of 81 samples)"})
		s.end(nil).shows("✓ saved")
		if !strings.Contains(saved(t, dir, "csv"), "came-late") {
			t.Error("the files lack what came after them")
		}
		s.says(nil, "of 81 samples")
	})
}

func TestSavingAnewLeavesAHalfTypedFolderAlone(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		dir, other := s.savesIn(), t.TempDir()
		s.measuring(7).press("s").tell(late()).press("enter").at(host.Results).press("w", "end", "ctrl+u").typed(other)
		s.end(nil).shows("Save in which folder?")
		if got := s.Typing().String(); got != other {
			t.Errorf("the field holds %q", got)
		}
		if !strings.Contains(saved(t, dir, "csv"), "came-late") {
			t.Error("the files were not written anew")
		}
		s.says([]string{"Saved: bothways-new.json, .csv, .md, .html in " + dir}, "of 81 samples")
		if files, err := os.ReadDir(other); err != nil || len(files) != 0 {
			t.Errorf("%d files went to a folder that nobody confirmed (%v)", len(files), err)
		}
	})
}

func TestASaveThatFailsLaterOpensNoField(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		s.cfg.SaveDir = filepath.Join(t.TempDir(), "missing")
		s.measuring(12).end(nil).press("enter").at(host.Results)
		_, saving := s.Update(keyNamed("s"))
		s.press("esc").at(host.Probe).press("enter").at(host.Results)
		if s.run(saving); s.shows("✗ not saved").Typing() != nil {
			t.Error("the field is open")
		}
	})
}

func TestSavingLeavesTheNamesOfTheHistogramsLanes(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {100, 30}} {
		play(t, size[0], size[1], func(s *stage) {
			s.savesIn()
			s.measuring(12).end(nil).press("enter", "t", "v", "v")
			for range 2 {
				if !strings.Contains(s.text(), "\n  A → B │") || !strings.Contains(s.text(), "\n  B → A │") {
					t.Errorf("at %v a lane has no name:\n%s", size, s.text())
				}
				s.press("s")
			}
			s.shows("saved bothways-new")
		})
	}
}

func TestAnEndpointThatIsNotAWSsIsSaidEverywhere(t *testing.T) {
	play(t, 100, 30, func(s *stage) {
		dir := s.savesIn()
		s.surveyed(without)
		s.identified(account.Identity{Account: "000000000000", Endpoint: "http://127.0.0.1:4566"}, nil)
		s.withProfile("").press("enter", "enter").measuring(12).end(nil).press("enter").at(host.Results)
		for _, size := range [][2]int{{60, 16}, {80, 24}, {120, 40}} {
			s.resize(size[0], size[1]).fits(size[0], size[1])
			if head, _, _ := strings.Cut(s.text(), "\n"); !strings.Contains(head, "127.0.0.1:4566, not AWS") || !strings.Contains(head, "Results") {
				t.Errorf("the header at %v: %s", size, head)
			}
		}
		if s.press("s"); !strings.Contains(saved(t, dir, "md"), "Measured against http://127.0.0.1:4566, not against AWS") {
			t.Errorf("the report:\n%s", saved(t, dir, "md"))
		}
	})
}
