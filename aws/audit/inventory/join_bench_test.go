//go:build unix

package inventory_test

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// fileRows is how many rows a file of a benchmark's list has.
const fileRows = 500_000

// shelf serves two lists from files, and two empty buckets: what it takes to
// answer costs next to nothing of what is measured.
type shelf struct{ dir string }

// RoundTrip implements http.RoundTripper.
func (s shelf) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}, "Etag": {`"e"`}}, Request: r, ProtoMajor: 1, ProtoMinor: 1}
	if r.URL.Query().Has("versions") {
		type result struct {
			XMLName xml.Name `xml:"ListVersionsResult"`
			Name    string
		}
		text, err := xml.Marshal(result{Name: strings.Trim(r.URL.Path, "/")})
		answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
		return answer, err
	}
	file, err := os.Open(filepath.Join(s.dir, filepath.Base(r.URL.Path)))
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	from := int64(0)
	if asked := r.Header.Get("Range"); asked != "" {
		if _, err := fmt.Sscanf(asked, "bytes=%d-", &from); err != nil {
			return nil, err
		}
		answer.StatusCode = http.StatusPartialContent
	}
	_, err = file.Seek(from, io.SeekStart)
	answer.Body, answer.ContentLength = file, info.Size()-from
	return answer, err
}

// write writes the list of a side: n rows whose keys come in no order, of which
// one in a million is missing on side B.
func (s shelf) write(b *testing.B, side pair.SideName, n int) inventory.List {
	b.Helper()
	list := inventory.List{
		Offer: inventory.Offer{ID: "audit", Bucket: "lists", Format: inventory.CSV}, Source: testPair.Side(side).Bucket, At: time.Now().UTC(),
		Columns: []string{"Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag"},
	}
	list.Stamp = list.At.Format("2006-01-02T15-04Z")
	draw := rand.New(rand.NewPCG(1, 2))
	for from := 0; from < n; from += fileRows {
		name := fmt.Sprintf("%s-%d.csv.gz", side, from)
		file, err := os.Create(filepath.Join(s.dir, name))
		if err != nil {
			b.Fatal(err)
		}
		sum := md5.New()
		packed, err := gzip.NewWriterLevel(io.MultiWriter(file, sum), gzip.BestSpeed)
		if err != nil {
			b.Fatal(err)
		}
		for i := from; i < min(from+fileRows, n); i++ {
			id, tag := draw.Uint64(), draw.Uint64()
			if side == pair.B && i%1_000_000 == 999_999 {
				continue
			}
			place := (uint64(i)*2_654_435_761 + 1) % uint64(n) // unsorted
			_, _ = fmt.Fprintf(packed, "\"%s\",\"year/2026/customer-%04d/photo-%09d.jpg\",\"v%016x%016x\",\"true\",\"false\",\"%d\",\"2025-01-0%dT10:00:00.000Z\",\"%016x%016x\"\n",
				list.Source, place%4096, place, id, id>>3, 1000+place%100_000, 1+place%9, tag, tag>>5)
		}
		if err := packed.Close(); err != nil {
			b.Fatal(err)
		}
		info, err := file.Stat()
		if err != nil {
			b.Fatal(err)
		}
		list.Files = append(list.Files, inventory.File{Key: name, Size: info.Size(), MD5: hex.EncodeToString(sum.Sum(nil))})
		if err := file.Close(); err != nil {
			b.Fatal(err)
		}
	}
	return list
}

// BenchmarkJoin joins lists of so many rows a side, from files to the counts, and
// says what a million rows take of a processor and the most memory that the heap
// and the stacks had while it ran. JOIN_ROWS has other sizes.
func BenchmarkJoin(b *testing.B) {
	sizes := []string{"1000000", "10000000"}
	if given := os.Getenv("JOIN_ROWS"); given != "" {
		sizes = strings.Split(given, ",")
	}
	for _, size := range sizes {
		n, err := strconv.Atoi(size)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size+"-rows-a-side", func(b *testing.B) { benchmarkJoin(b, n) })
	}
}

func benchmarkJoin(b *testing.B, n int) {
	s := shelf{b.TempDir()}
	lists := inventory.Lists{A: s.write(b, pair.A, n), B: s.write(b, pair.B, n)}
	access := account.Access{
		Endpoint: "http://shelf.invalid", Sandbox: true, HTTPClient: &http.Client{Transport: s}, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}
	world := survey.World{Pair: testPair, RunID: "bench"}
	var err error
	if world.A, err = access.Open(b.Context(), testPair.A.Region); err != nil {
		b.Fatal(err)
	}
	world.B = world.A
	debug.FreeOSMemory()
	var most atomic.Uint64
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.Sys-m.HeapReleased))
			select {
			case <-done:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
	before := spent(b)
	b.ResetTimer()
	for range b.N {
		join := inventory.Join{World: world, Lists: lists, Dir: s.dir}
		result, err := audit.Run(b.Context(), audit.Config{World: world, CutOff: lists.CutOff(), Source: join.Source, Grace: time.Millisecond}, func(pair.Event) {})
		if err != nil || result.Tally.VersionsA != int64(n) {
			b.Fatalf("%v, %d versions of side A", err, result.Tally.VersionsA)
		}
	}
	b.StopTimer()
	took := spent(b) - before
	close(done)
	watching.Wait()
	rows := float64(b.N) * float64(2*n)
	b.ReportMetric(took.Seconds()/rows*1e6, "cpu-s/million-rows")
	b.ReportMetric(rows/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(most.Load())/(1<<20), "MiB-most")
	b.ReportMetric(float64(lists.A.Bytes()+lists.B.Bytes())/float64(2*n), "packed-bytes/row")
}

// spent is what the process has had of processors.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
