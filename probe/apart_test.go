//go:build unix

package probe_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"bothways/aws/sandbox"
)

// storeVariable has a process of this test be the store of another one.
const storeVariable = "BOTHWAYS_TEST_STORE"

// slowly is by how much longer than usually the delays of that store are.
const slowly = 2

// TestServesAnotherProcess is the store of a benchmark, which starts it with the
// variable set: it says where it listens, then one line for each replica, until
// its input ends.
func TestServesAnotherProcess(t *testing.T) {
	if os.Getenv(storeVariable) == "" {
		t.Skip("only for a benchmark of another process")
	}
	r := newRig(t, sandbox.Options{Truth: os.Stdout, Delay: func(from, _ string, _ int64, draw *rand.Rand) time.Duration {
		median := 4.0 // seconds, as usually
		if from != "eu-west-1" {
			median = 9.3
		}
		return time.Duration(slowly * median * math.Exp(.6*draw.NormFloat64()) * 1e9)
	}}, "s3.amazonaws.com")
	address, err := r.sandbox.Listen(t.Context(), "")
	r.must(err)
	id, secret := r.sandbox.Credentials()
	r.must(json.NewEncoder(os.Stdout).Encode([]string{address, id, secret}))
	_, err = io.Copy(io.Discard, os.Stdin)
	r.must(err)
}

// apart is a rig whose sandbox is a process of its own, which ends with the test.
func apart(b testing.TB) *rig {
	b.Helper()
	r := emptyRig(b)
	c := exec.CommandContext(b.Context(), os.Args[0], "-test.run", "^TestServesAnotherProcess$", "-test.timeout", "0")
	c.Env = append(os.Environ(), storeVariable+"=1")
	c.Stderr = os.Stderr
	_, err := c.StdinPipe() // open until the process ends
	r.must(err)
	out, err := c.StdoutPipe()
	r.must(err)
	r.must(c.Start())
	lines := bufio.NewScanner(out)
	var where [3]string
	for lines.Scan() && where[0] == "" {
		if json.Unmarshal(lines.Bytes(), &where) == nil && where[0] != "" {
			break
		}
	}
	r.address, r.keys = where[0], [2]string{where[1], where[2]}
	read := make(chan struct{})
	go func() {
		defer close(read)
		for lines.Scan() {
			var line struct {
				Key       string    `json:"key"`
				VisibleAt time.Time `json:"visible_at"`
			}
			if json.Unmarshal(lines.Bytes(), &line) == nil {
				r.mu.Lock()
				r.deliveries[line.Key] = sandbox.Delivery{Key: line.Key, VisibleAt: line.VisibleAt}
				r.mu.Unlock()
			}
		}
	}()
	b.Cleanup(func() {
		r.must(c.Process.Kill())
		<-read
		if err := c.Wait(); err == nil {
			fmt.Fprintln(os.Stderr, "the store ended before it was told to")
		}
	})
	return r
}
