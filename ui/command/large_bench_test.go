package command_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// peak is the most memory that a process has had resident so far, in bytes; 0
// where the system does not tell.
func peak(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		var kilobytes int64
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kilobytes); err == nil {
			return kilobytes << 10
		}
	}
	return 0
}

// BenchmarkLargeObjects sends objects of 1 and 5 GiB both ways, from the built
// program to a sandbox in a process of its own, and reports the memory of both.
// Run it with -benchtime 1x; it wants 12 GiB of disk for a while.
func BenchmarkLargeObjects(b *testing.B) {
	for b.Loop() {
		u, box := sandboxProcess(b, "--time-scale", "20")
		if r := u.run(b, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
			b.Fatalf("apply exits %d: %s", r.code, r.stderr)
		}
		c := u.command(b.Context(), slices.Concat([]string{
			"probe", "--json", "--sizes", "1GiB,5GiB", "--rounds", "1", "--every", "1s", "--limit", "1h",
		}, thePair)...)
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		if err != nil {
			b.Fatal(err)
		}
		if err := c.Start(); err != nil {
			b.Fatal(err)
		}
		var most int64
		loops := 0
		for lines := bufio.NewScanner(out); lines.Scan(); {
			most = max(most, peak(c.Process.Pid)) // of a mark that only rises
			var e struct {
				Event, Direction, Outcome, Detail, Content, Checksum string
				SizeBytes                                            int64      `json:"size_bytes"`
				UploadMS                                             float64    `json:"upload_ms"`
				Bracket                                              [2]float64 `json:"bracket_ms"`
				OK                                                   bool
			}
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				b.Fatal(err)
			}
			switch e.Event {
			case "sample":
				b.Logf("%s %d GiB: %s, upload %.0f s, replication %.1f to %.1f s %s", e.Direction, e.SizeBytes>>30, e.Outcome, e.UploadMS/1000, e.Bracket[0]/1000, e.Bracket[1]/1000, e.Detail)
				if e.Outcome != "replicated" {
					b.Errorf("%s: %s", e.Outcome, e.Detail)
				}
			case "loop":
				loops++
				if !e.OK || e.Content != "same" {
					b.Errorf("the loop check of %s: %s, content %s: %s", e.Direction, e.Checksum, e.Content, e.Detail)
				}
			}
		}
		if err := c.Wait(); err != nil {
			b.Fatal(err)
		}
		sandbox := peak(box.Pid)
		b.ReportMetric(float64(most)/(1<<20), "MiB-probe")
		b.ReportMetric(float64(sandbox)/(1<<20), "MiB-sandbox")
		if loops != 4 || most > 96<<20 || sandbox > 256<<20 {
			b.Errorf("%d loop checks; peaks of %d MiB and %d MiB", loops, most>>20, sandbox>>20)
		}
	}
}

// A process that is killed cannot abort its upload; destroy finds it by the
// pair's prefix.
func TestAnUploadThatAKillLeftBehindIsAborted(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "20")
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	c := u.command(t.Context(), slices.Concat([]string{"probe", "--json", "--sizes", "1TiB", "--rounds", "1", "--every", "1s", "--yes"}, thePair)...)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), `"event":"started"`) {
			break
		}
	}
	uploading(t, u)
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // killed
	r := u.run(t, slices.Concat([]string{"destroy", "--yes", "--json"}, thePair)...)
	if r.code != 0 {
		t.Fatalf("destroy exits %d: %s", r.code, r.stderr)
	}
	aborted := 0
	for _, e := range named(events(t, r.stdout), "step") {
		var versions, uploads int
		detail, _ := e["detail"].(string)
		if _, err := fmt.Sscanf(detail, "%d versions removed, %d unfinished uploads aborted", &versions, &uploads); err == nil && e["status"] == "done" {
			aborted += uploads
		}
	}
	if aborted == 0 {
		t.Errorf("no unfinished upload was found:\n%s", r.stdout)
	}
}

// uploading asks the sandbox until it knows of an unfinished upload.
func uploading(t *testing.T, u *user) {
	t.Helper()
	value := func(name string) string {
		for _, variable := range u.env {
			if found, ok := strings.CutPrefix(variable, name+"="); ok {
				return strings.Trim(found, `'"`)
			}
		}
		return ""
	}
	for _, side := range []string{thePair[1], thePair[3]} {
		region, bucket, _ := strings.Cut(side, "/")
		client := s3.New(s3.Options{
			Region: region, BaseEndpoint: aws.String(value("AWS_ENDPOINT_URL")), UsePathStyle: true,
			Credentials: credentials.NewStaticCredentialsProvider(value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY"), ""),
		})
		for begun := time.Now(); ; {
			out, err := client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &bucket})
			if err != nil {
				t.Fatal(err)
			}
			if len(out.Uploads) > 0 {
				break
			}
			if time.Since(begun) > patience {
				t.Fatalf("no upload to side %s begins", side)
			}
		}
	}
}
