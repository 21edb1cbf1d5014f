//go:build unix

package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"bothways/aws/sandbox"
)

// BenchmarkListGenerated is what a page of 1,000 versions of a bucket of 20
// million costs the sandbox itself, without a network and a client. It reports
// the processors' time, the collector's included, and the memory that is resident
// after it.
func BenchmarkListGenerated(b *testing.B) {
	made, err := sandbox.ParseGenerated([]byte(huge))
	if err != nil {
		b.Fatal(err)
	}
	box, err := sandbox.New(sandbox.Options{NoDistance: true, Dir: b.TempDir(), Generated: made})
	if err != nil {
		b.Fatal(err)
	}
	defer box.Close()
	id, secret := box.Credentials()
	request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "http://127.0.0.1/gen-a?versions&key-marker=logs/3", nil)
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	request.Header.Set("X-Amz-Content-Sha256", empty)
	if err := v4.NewSigner().SignHTTP(b.Context(), aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, request, empty, "s3", "eu-west-1", time.Now()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	before := used(b)
	for b.Loop() {
		w := &discarded{header: http.Header{}}
		box.ServeHTTP(w, request)
		if w.status != http.StatusOK || w.written < 300_000 {
			b.Fatalf("%d, %d bytes", w.status, w.written)
		}
	}
	b.ReportMetric((used(b)-before).Seconds()*1000/float64(b.N), "CPU-ms/page")
	b.ReportMetric(resident(b), "MiB-resident")
}

// used is the time that processors have spent on this process: on a computer that
// does other things too, it says more than the time that passes.
func used(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// discarded is an answer that nobody reads.
type discarded struct {
	header          http.Header
	status, written int
}

func (d *discarded) Header() http.Header { return d.header }

func (d *discarded) WriteHeader(status int) { d.status = status }

func (d *discarded) Write(p []byte) (int, error) {
	d.written += len(p)
	return io.Discard.Write(p)
}

// resident is the memory of this process in MiB, 0 where nothing tells.
func resident(b *testing.B) float64 {
	b.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	return kib / 1024
}
