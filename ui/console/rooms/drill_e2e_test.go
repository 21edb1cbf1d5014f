//go:build !race

package rooms

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"bothways/aws/account"
	"bothways/aws/drill"
	"bothways/aws/drill/alarm"
	"bothways/aws/drill/evidence"
	"bothways/aws/pair"
	"bothways/aws/sandbox"
	"bothways/aws/session"
	"bothways/ui/console"
)

// hurried is a configuration whose sandbox lies in this process and, as everything
// else, in virtual time.
func hurried(t *testing.T) console.Config {
	t.Helper()
	dir, p := t.TempDir(), demoPair()
	box, err := sandbox.New(sandbox.Options{Seed: 1, TimeScale: 4, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = box.Close() })
	id, secret := box.Credentials()
	access := account.Access{
		Sandbox: true, Endpoint: "http://sandbox.invalid", HTTPClient: &http.Client{Transport: box.Transport()}, TimeScale: 4,
		Credentials: credentials.NewStaticCredentialsProvider(id, secret, ""),
	}
	return console.Config{
		Version: "test", SaveDir: dir, RunsDir: filepath.Join(dir, "runs"), Pair: &p, Access: &access, NoAnimation: true,
		Profiles:    func() ([]account.Profile, error) { return nil, nil },
		OpenSandbox: func(context.Context) (account.Access, error) { return access, nil },
		Session:     session.New("test", filepath.Join(dir, "runs")),
	}
}

// atTheForm sets the pair up, and goes to the form of a drill.
func atTheForm(x *terminal) {
	x.T.Helper()
	at := ""
	x.Until(func(screen string) bool {
		if now := lastLine(screen); now != at && (strings.Contains(now, "enter go on") || strings.Contains(now, "enter plan")) {
			at = now
			x.Press(enter)
		}
		return strings.Contains(screen, "Apply these")
	}, "the plan")
	x.Wait("Apply these", "y / N")
	x.Press("y")
	x.Wait("done in", "enter go on to the measurement")
	x.Press(enter)
	x.Wait("What to measure", "D drill")
	x.Press("D")
	x.Wait("Rehearse the loss of a side", "enter check and measure")
}

func lastLine(screen string) string { return screen[strings.LastIndex(screen, "\n")+1:] }

// A cut and a pause are rehearsed by keys alone, from the form to the evidence.
func TestADrillIsRehearsedByKeysInTheSandbox(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"cut", "pause"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cfg := hurried(t)
				x := open(t, cfg, 80, 24)
				defer x.leave()
				atTheForm(x)
				if kind == "pause" {
					x.Press(" ")
					x.Wait("AWS FIS pauses replication")
				}
				x.Press(enter)
				x.Wait("CHECKED", "measuring the steady state", "CHANGED IN AWS NOW: canaries.")
				x.Wait("Agree to this drill?", "type the pair's name")
				x.Press("no" + enter)
				x.Wait("nothing is armed")
				x.Press("\x15" + drill.Name(demoPair()) + enter)
				x.Wait("Fail over to side B?", "U undoes it all.")
				if kind == "pause" {
					x.Wait("2 experiments, 2 roles, 2 bucket tags")
				}
				x.Press("n")
				x.Wait("▸ note")
				x.Press("the pager rang twice" + enter)
				x.Wait("noted, for the report")
				x.Press(enter)
				x.Wait("RTO so far  detect", "decide", "verify")
				x.Wait("CONVERGED", "measuring again")
				x.Wait("✓ PASSED   ✓ undo COMPLETE", "RPO", "RTO", "both configurations are what they were", "before and after")
				x.Press("e")
				x.Wait("▸ folder")
				folder := filepath.Join(cfg.SaveDir, "evidence")
				x.Press("\x15" + folder + enter)
				x.Wait("✓ evidence")
				if found, err := evidence.Verify(t.Context(), folder, cfg.Version, evidence.Signer{}); err != nil || len(found.Problems) > 0 || !found.Pages {
					t.Errorf("the evidence does not hold: %v %v", found.Problems, err)
				}
				if text, err := os.ReadFile(filepath.Join(folder, "report.md")); err != nil || strings.Count(string(text), "the pager rang twice") != 2 {
					t.Errorf("the note stands neither on the report's time line nor among its notes: %v", err)
				}
			})
		})
	}
}

// A drill of an alarm is rehearsed by keys alone, where CloudWatch is asked and where
// somebody says when it rings.
func TestADrillOfAnAlarmIsRehearsedByKeysInTheSandbox(t *testing.T) {
	t.Parallel()
	for _, by := range []string{"CloudWatch", "a key"} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cfg := hurried(t)
				cfg.Pair.Options.Metrics = true
				x := open(t, cfg, 80, 24)
				defer x.leave()
				atTheForm(x)
				x.Press("  ")
				x.Wait("its alarms are asked whether they ring")
				if by == "a key" {
					x.Press(down + down + down + " ")
					x.Wait("you press enter when it reaches you")
				} else {
					hang(t, cfg)
				}
				x.Press(enter)
				x.Wait("Agree to this drill?", "type the pair's name")
				x.Press(drill.Name(demoPair()) + enter)
				if by == "a key" {
					x.Wait("Does the alarm ring?", "since an object failed to replicate")
					x.Press(enter)
				}
				x.Wait("✓ PASSED   ✓ undo COMPLETE", "both configurations and the roles are what they were")
				nothingIsLeft(t, cfg, `"verdict":"passed"`, `"undo":"complete"`, `"operation":"DeleteRolePolicy"`)
			})
		})
	}
}

// hang puts up an alarm on what fails to replicate, in each direction.
func hang(t *testing.T, cfg console.Config) {
	t.Helper()
	for _, d := range pair.Directions() {
		clients, err := cfg.Access.Open(t.Context(), cfg.Pair.From(d).Region)
		if err != nil {
			t.Fatal(err)
		}
		_, err = clients.Metrics.PutMetricAlarm(t.Context(), &cloudwatch.PutMetricAlarmInput{
			AlarmName: aws.String("on-call-" + d.Slug()), Namespace: aws.String(alarm.Namespace), MetricName: aws.String(alarm.Failed), Statistic: types.StatisticSum,
			Dimensions: []types.Dimension{
				{Name: aws.String("SourceBucket"), Value: aws.String(cfg.Pair.From(d).Bucket)},
				{Name: aws.String("DestinationBucket"), Value: aws.String(cfg.Pair.To(d).Bucket)},
				{Name: aws.String("RuleId"), Value: aws.String(cfg.Pair.RuleID(d))},
			},
			Period: aws.Int32(60), EvaluationPeriods: aws.Int32(1), Threshold: aws.Float64(1), ComparisonOperator: types.ComparisonOperatorGreaterThanOrEqualToThreshold,
			TreatMissingData: aws.String("notBreaching"), AlarmActions: []string{"arn:aws:sns:eu-west-1:000000000000:on-call"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Quitting in the middle of a pause gives the terminal back only once nothing of it
// is left.
func TestQuittingInTheMiddleOfAPauseLeavesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := hurried(t)
		x := open(t, cfg, 100, 30)
		defer x.leave()
		atTheForm(x)
		x.Press(" ")
		x.Wait("AWS FIS pauses replication")
		x.Press(enter)
		x.Wait("type the pair's name")
		x.Press(drill.Name(demoPair()) + enter)
		x.Wait("2 experiments", "U undoes it all.")
		x.Press("q")
		x.Wait("put everything back, and quit?")
		x.Press("y")
		x.Wait("Putting everything back, then quitting.")
		x.End()
		said := strings.Join(x.Farewell.Lines, "\n")
		if !strings.Contains(said, "STOPPED, undo COMPLETE") {
			t.Errorf("it quit with:\n%s", said)
		}
		nothingIsLeft(t, cfg, `"verdict":"stopped"`, `"undo":"complete"`, `"operation":"DeleteRole"`, `"operation":"UntagResource"`)
	})
}

// A signal gives the terminal back at once, and everything back all the same.
func TestAConsoleThatIsEndedInTheMiddleOfAPausePutsItBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cfg := hurried(t)
		told := ""
		cfg.Tell = func(text string) { told = text }
		x := open(t, cfg, 100, 30)
		defer x.leave()
		atTheForm(x)
		x.Press(" ")
		x.Wait("AWS FIS pauses replication")
		x.Press(enter)
		x.Wait("type the pair's name")
		x.Press(drill.Name(demoPair()) + enter)
		x.Wait("2 experiments", "U undoes it all.")
		x.Cancel()
		x.End()
		if !strings.Contains(told, "Putting back what the drill changed") {
			t.Errorf("who waits is told %q", told)
		}
		nothingIsLeft(t, cfg, `"verdict":"stopped"`, `"undo":"complete"`, `"operation":"DeleteRole"`, `"operation":"UntagResource"`)
	})
}

// nothingIsLeft expects the last drill's journal to say that it undid everything.
func nothingIsLeft(t *testing.T, cfg console.Config, told ...string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(cfg.RunsDir, "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no journals: %v", err)
	}
	var all strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, want := range told {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no journal has %s", want)
		}
	}
	undone, err := cfg.Session.UndoDrill(t.Context(), *cfg.Access, pair.Pair{A: cfg.Pair.A, B: cfg.Pair.B, Options: cfg.Pair.Options})
	if err != nil {
		t.Fatal(err)
	}
	if opens := undone.Opens(); len(opens) > 0 {
		t.Errorf("left open: %v", opens)
	}
}

// leave ends the console inside a bubble of synctest, whose goroutines all have to
// end with it.
func (x *terminal) leave() {
	x.Cancel()
	<-x.ended
	<-time.After(time.Second) // what waits for the clock ends, too
	_ = x.keys.Close()
	if pipe, ok := x.Screen.InputPipe().(io.Closer); ok {
		_ = pipe.Close()
	}
}
