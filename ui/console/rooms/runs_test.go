package rooms

import (
	"os"
	"path/filepath"
	"testing"

	"bothways/aws/journal"
	"bothways/ui/console"
	"bothways/ui/console/host"
)

func TestAnEarlierRunIsReopenedReadSavedAndComparedFromTheFirstScreen(t *testing.T) {
	cfg := console.Config{Version: "test", RunsDir: t.TempDir(), SaveDir: t.TempDir(), Engines: &host.Engines{}}
	if err := os.CopyFS(cfg.RunsDir, os.DirFS("testdata/runs")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cfg.RunsDir, "20261123-100000-cccc"+journal.Extension), []byte("{broken\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x := open(t, cfg, 120, 40)
	x.Wait("r earlier runs")
	x.Press("r")
	x.Wait("20261121-100000-aaaa", "20261122-100000-bbbb", "20261123-100000-cccc", "✗ can't be read")
	x.Press(down + enter)
	x.Wait("EARLIER RUN", "Sandbox: simulated distances", "Too short a run for a comparison", "COMPLETED", "content", "lines 1 to")
	x.Press("axr" + enter) // nothing of these is bound: it measures nothing and removes nothing
	x.Press("jjjjjjjjjjjjjjjjjjjj")
	x.Wait("How it was measured", "Direction bias", "Version  bothways 1.2")
	x.Press("t")
	x.Wait("t table", "v over time")
	x.Press("vv")
	x.Wait("histogram (view 3 of 3)", "v by size")
	x.Press("s")
	x.Wait("✓ saved", ".html")
	for _, extension := range []string{"json", "csv", "md", "html"} {
		if _, err := os.Stat(filepath.Join(cfg.SaveDir, "bothways-20261122-100000-bbbb."+extension)); err != nil {
			t.Error(err)
		}
	}
	x.Press(escape)
	x.Wait("space mark")
	x.Press(" ")
	x.Wait("space unmark")
	x.Press(down + " ")
	x.Wait("c compare")
	x.Press("c")
	x.Wait("before  20261121-100000-aaaa", "after   20261122-100000-bbbb", "A → B takes 1.7 times as long after as before")
	x.Press(escape)
	x.Wait("Earlier runs", "* 20261121-100000-aaaa")
	x.Press(escape)
	x.Wait("1 Where", "▸ 1 Where")
	x.Press("q")
	x.End()
	if x.Err != nil {
		t.Fatal(x.Err)
	}
}
