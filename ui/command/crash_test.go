package command

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"bothways/ui/command/usage"
	"bothways/ui/console/host"
)

func TestACrashReportHoldsNoCredentials(t *testing.T) {
	home := t.TempDir()
	stderr, err := os.Create(filepath.Join(home, "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stderr.Close() }()
	a := &app{process: Process{Stderr: stderr, Environ: []string{
		"BOTHWAYS_HOME=" + home,
		"AWS_SECRET_ACCESS_KEY=planted/secret+of/the/environment",
		"AWS_SESSION_TOKEN=planted-session-token",
	}}}
	ended := a.reportCrash(&host.CrashError{
		Where: "drawing",
		Value: "index out of range; planted/secret+of/the/environment AKIAPLANTED12345678",
		Stack: "goroutine 1\nAuthorization: AWS4-HMAC-SHA256 Credential=AKIAPLANTED12345678/x, Signature=abcdef0123\n" +
			"https://b.s3.amazonaws.com/k?X-Amz-Signature=0123abcd&X-Amz-Security-Token=planted-session-token\n" +
			"aws_secret_access_key = planted-in-a-file",
	})
	if usage.CodeOf(ended) != usage.Failed {
		t.Errorf("exit code %d", usage.CodeOf(ended))
	}
	reports, err := filepath.Glob(filepath.Join(home, "crash-*.txt"))
	if err != nil || len(reports) != 1 {
		t.Fatalf("reports: %v, %v", reports, err)
	}
	report, err := os.ReadFile(reports[0])
	if err != nil {
		t.Fatal(err)
	}
	said, err := os.ReadFile(stderr.Name())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(report), "index out of range") || !strings.Contains(string(report), "goroutine 1") || !strings.Contains(string(said), reports[0]) {
		t.Errorf("the report is\n%s\nand it was said\n%s", report, said)
	}
	all := strings.ToLower(string(report) + string(said) + ended.Error())
	for _, planted := range []string{"planted", "abcdef0123", "0123abcd"} {
		if strings.Contains(all, planted) {
			t.Errorf("%q is written down:\n%s", planted, all)
		}
	}
}

func TestACommandThatPanicsEndsWithAReport(t *testing.T) {
	home := t.TempDir()
	stderr, err := os.Create(filepath.Join(home, "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stderr.Close() }()
	a := &app{process: Process{Stderr: stderr, Environ: []string{"BOTHWAYS_HOME=" + home}}}
	root := &cobra.Command{Use: "bothways"}
	var nothing *int
	root.AddCommand(&cobra.Command{Use: "plan", RunE: func(*cobra.Command, []string) error { return fmt.Errorf("%d", *nothing) }})
	root.SetArgs([]string{"plan"})
	ended := a.execute(t.Context(), root)
	if usage.CodeOf(ended) != usage.Failed || !strings.Contains(ended.Error(), "bothways crashed while plan: runtime error") {
		t.Errorf("exit code %d: %v", usage.CodeOf(ended), ended)
	}
	if reports, err := filepath.Glob(filepath.Join(home, "crash-*.txt")); err != nil || len(reports) != 1 {
		t.Errorf("reports: %v, %v", reports, err)
	}
}
