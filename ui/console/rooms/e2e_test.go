package rooms

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/sandbox"
	"bothways/aws/session"
	"bothways/ui/console"
)

// sandboxed is a configuration whose sandbox replicates so many times as fast
// as it would.
func sandboxed(t *testing.T, scale float64) console.Config {
	t.Helper()
	dir := t.TempDir()
	box, err := sandbox.New(sandbox.Options{Seed: 1, TimeScale: scale, NoDistance: true, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	return console.Config{
		Version: "test", SaveDir: dir,
		Profiles: func() ([]account.Profile, error) {
			return []account.Profile{{Name: "dev", Region: "eu-west-1", Kind: "SSO"}}, nil
		},
		OpenSandbox: func(ctx context.Context) (account.Access, error) {
			endpoint, err := box.Listen(context.WithoutCancel(ctx), "127.0.0.1:0")
			if err != nil {
				return account.Access{}, err
			}
			id, secret := box.Credentials()
			return account.Access{Sandbox: true, Endpoint: endpoint, Credentials: credentials.NewStaticCredentialsProvider(id, secret, "")}, nil
		},
		Session: session.New("test", filepath.Join(dir, "runs")),
	}
}

func TestEnterEnterAndOneYesReachTheLiveChartInTheSandbox(t *testing.T) {
	t.Parallel()
	cfg := sandboxed(t, 100)
	x := open(t, cfg, 120, 40)
	toPlan(x)
	x.Press("y")
	x.Wait("done in", "enter go on to the measurement")
	x.Press(enter)
	x.Wait("What to measure", "The sandbox costs nothing.")
	// Six short rounds are enough for a look at everything.
	for _, row := range []struct{ clear, text string }{{"\x15", "128KiB,1MiB"}, {"\x15", "6"}, {"\x15", "0.5s"}} {
		x.Press(" " + row.clear + row.text + enter)
		x.Wait(row.text)
		x.Press(down)
	}
	x.Press(enter)
	x.Wait("in flight", "round ", "128 KiB", "┤")
	x.Wait("stayed where they were sent")
	x.Press("t")
	x.Wait("median (95 %)", "all sizes")
	x.Press("t")
	x.Press("v")
	x.Wait("v histogram")
	x.Wait("all rounds done")
	x.Wait("enter results")
	x.Press(enter)
	x.Wait("raw samples", ".ndjson")
	x.Press("s")
	x.Wait("✓ saved", ".json", ".csv", ".md", ".html")
	for _, extension := range []string{"json", "csv", "md", "html"} {
		if files, _ := filepath.Glob(filepath.Join(cfg.SaveDir, "bothways-*."+extension)); len(files) != 1 {
			t.Errorf("%d %s files were saved", len(files), extension)
		}
	}
	x.Press("x")
	x.Wait("Remove", "y / N")
	x.Press("b")
	x.Wait("keep the buckets")
	x.Press("y")
	x.Wait("Type the bucket's name")
	x.Press("wrong" + enter)
	x.Wait("that is not the bucket's name")
	name := "bothways-demo" + between(x.Shown(), "\n   bothways-demo", "\n")
	x.Press("\x15" + name + enter)
	x.Wait("Everything that bothways made for", "is gone")
	x.Press("q")
	x.End()
	if x.Err != nil {
		t.Fatal(x.Err)
	}
	said := strings.Join(x.Farewell.Lines, "\n")
	for _, words := range []string{"A → B", "B → A", "median", "Raw samples: ", "Saved: "} {
		if !strings.Contains(said, words) {
			t.Errorf("the farewell lacks %q:\n%s", words, said)
		}
	}
	journals, err := os.ReadDir(filepath.Join(cfg.SaveDir, "runs"))
	if err != nil || len(journals) != 3 {
		t.Errorf("%d journals (%v), want one each of apply, probe and destroy", len(journals), err)
	}
}

// toPlan presses Enter until the plan is shown.
func toPlan(x *terminal) {
	x.T.Helper()
	x.Wait("▸ Sandbox", "profile dev", "enter go on")
	x.Press(enter)
	x.Wait("SANDBOX", "simulated distances", "Region for side A")
	x.Press(enter)
	x.Wait("✓ name is free")
	x.Press(enter)
	x.Wait("Region for side B", "ap-southeast-1")
	x.Press(enter)
	x.Wait("Bucket in ap-southeast-1", "✓ name is free")
	x.Press(enter)
	x.Wait("What replicates, the same both ways")
	x.Press(enter)
	x.Wait("Apply these", "y / N", "none to what you have already")
}

func TestQuittingWithProbesInFlightKeepsTheirSamples(t *testing.T) {
	t.Parallel()
	cfg := sandboxed(t, 3)
	x := open(t, cfg, 100, 30)
	toPlan(x)
	x.Press("y")
	x.Wait("enter go on to the measurement")
	x.Press(enter)
	x.Wait("What to measure")
	x.Press(down + down + " \x152s" + enter + enter)
	x.Until(func(screen string) bool {
		return strings.Contains(screen, "round 2 of") && !strings.Contains(screen, "in flight  none")
	}, "probes in flight")
	x.Press("q")
	x.Wait("stop and quit?")
	x.Press("y")
	asked := time.Now()
	x.End()
	t.Logf("quitting took %v", time.Since(asked))
	if x.Err != nil {
		t.Fatal(x.Err)
	}
	lines := journalOf(t, cfg, "probe")
	if !strings.Contains(lines, `"outcome":"interrupted"`) || strings.Count(lines, `"event":"started"`) != strings.Count(lines, `"event":"sample"`) {
		t.Errorf("the journal does not hold a sample for every probe:\n%s", lines)
	}
}

func TestUndoTakesBackExactlyWhatTheRunMade(t *testing.T) {
	t.Parallel()
	x := open(t, sandboxed(t, 100), 100, 30)
	toPlan(x)
	x.Press("y")
	x.Wait("u undo what was done")
	x.Press("u")
	x.Wait("Undoes what this run made, and only that.", "y / N")
	x.Press("y")
	x.Wait("Type the bucket's name")
	x.Press("bothways-demo" + between(x.Shown(), "\n   bothways-demo", "\n") + enter)
	x.Wait("Everything that this run made is gone.")
	x.Press(enter)
	x.Wait("Apply these 10 changes")
}

func TestTearingDownInTheMiddleOfAMeasurementLeavesNothing(t *testing.T) {
	t.Parallel()
	x := open(t, sandboxed(t, 20), 80, 24)
	toPlan(x)
	x.Press("y")
	x.Wait("enter go on to the measurement")
	x.Press(enter)
	x.Wait("What to measure")
	x.Press(down + down + " \x152s" + enter + enter)
	x.Wait("round 2 of")
	x.Press("x")
	x.Wait("Remove ", "y / N")
	x.Press("by")
	x.Wait("Type the bucket's name")
	x.Press("bothways-demo" + between(x.Shown(), "\n   bothways-demo", "\n") + enter)
	x.Wait("Everything that bothways made for", "is gone.")
	x.Press(enter)
	x.Wait("Apply these 10 changes")
}

// journalOf is the one journal of a command.
func journalOf(t *testing.T, cfg console.Config, command string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(cfg.SaveDir, "runs", "*.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), `"command":"`+command+`"`) {
			return string(text)
		}
	}
	t.Fatalf("no journal of %s", command)
	return ""
}

func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return strings.TrimSpace(text)
}
