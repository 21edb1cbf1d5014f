//go:build unix

package command_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// stubborn is a sandbox that keeps its state and is killed under writes. What it
// has acknowledged must be there after each restart, to the byte.
type stubborn struct {
	*user
	tb    testing.TB
	cmd   *exec.Cmd
	s3    *s3.Client
	acked map[string]string // contents by version ID and key
	mu    sync.Mutex
}

const keeping = "bothways-kill-kept"

func newStubborn(tb testing.TB) *stubborn {
	tb.Helper()
	s := &stubborn{user: newUser(tb), tb: tb, acked: map[string]string{}}
	s.start()
	_, err := s.s3.CreateBucket(tb.Context(), &s3.CreateBucketInput{
		Bucket: aws.String(keeping), CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	})
	if err == nil {
		_, err = s.s3.PutBucketVersioning(tb.Context(), &s3.PutBucketVersioningInput{
			Bucket: aws.String(keeping), VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled},
		})
	}
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// start starts the sandbox on what it has kept so far.
func (s *stubborn) start() {
	s.tb.Helper()
	s.cmd = s.command(context.WithoutCancel(s.tb.Context()), "sandbox", "--state", "kept", "--listen", "127.0.0.1:0", "--distances", "off")
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		s.tb.Fatal(err)
	}
	s.tb.Cleanup(func() { _ = s.cmd.Process.Kill() })
	env, lines := map[string]string{}, bufio.NewScanner(out)
	for len(env) < 4 && lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		env[name] = value
	}
	if len(env) < 4 {
		s.tb.Fatalf("the sandbox does not start again: %v", lines.Err())
	}
	s.s3 = s3.New(s3.Options{
		BaseEndpoint: aws.String(env["AWS_ENDPOINT_URL"]), UsePathStyle: true, Region: "eu-west-1", Retryer: aws.NopRetryer{},
		Credentials: credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
	})
}

// once writes and deletes until the sandbox is killed at a random moment, and
// compares what was acknowledged with what is there after a restart.
func (s *stubborn) once(round int) {
	s.tb.Helper()
	ctx, cancel := context.WithCancel(s.tb.Context())
	defer cancel()
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := 0; ctx.Err() == nil && s.write(ctx, fmt.Sprintf("%d/%d/%d", round, w, i)) == nil; i++ {
				continue
			}
		})
	}
	gone := make(chan error, 1)
	time.AfterFunc(20*time.Millisecond+rand.N(300*time.Millisecond), func() { _ = s.cmd.Process.Kill() })
	go func() { gone <- s.cmd.Wait() }()
	if err := <-gone; err == nil {
		s.tb.Error("the sandbox ended by itself")
	}
	cancel()
	writers.Wait()
	s.start()
	s.compare()
}

// write puts an object, of a few bytes or in a file of its own, and now and then
// deletes the version again.
func (s *stubborn) write(ctx context.Context, key string) error {
	content := strings.Repeat(key+";", 1+rand.N(3)*2000)
	out, err := s.s3.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(keeping), Key: &key, Body: strings.NewReader(content)})
	if err != nil {
		return err
	}
	id := *out.VersionId + " " + key
	s.mu.Lock()
	s.acked[id] = content
	s.mu.Unlock()
	if rand.N(4) > 0 {
		return nil
	}
	s.mu.Lock()
	delete(s.acked, id) // from here on it may be there or not
	s.mu.Unlock()
	_, err = s.s3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: aws.String(keeping), Key: &key, VersionId: out.VersionId})
	if err == nil {
		s.mu.Lock()
		s.acked[id] = "" // it must be gone
		s.mu.Unlock()
	}
	return err
}

func (s *stubborn) compare() {
	s.tb.Helper()
	if _, err := os.Stat(filepath.Join(s.home, "kept", "bodies.before")); err == nil {
		s.tb.Error("a kill is taken for lost lines")
	}
	for id, want := range s.acked {
		version, key, _ := strings.Cut(id, " ")
		out, err := s.s3.GetObject(s.tb.Context(), &s3.GetObjectInput{Bucket: aws.String(keeping), Key: &key, VersionId: &version})
		switch {
		case want == "" && err == nil:
			s.tb.Errorf("%s was deleted and is back", key)
			_ = out.Body.Close()
		case want == "":
			delete(s.acked, id)
		case err != nil:
			s.tb.Errorf("%s was acknowledged and is lost: %v", key, err)
		default:
			content, err := io.ReadAll(out.Body)
			if _ = out.Body.Close(); err != nil || string(content) != want {
				s.tb.Errorf("%s has %d bytes of %d: %v", key, len(content), len(want), err)
			}
		}
	}
}

func TestWhatAKilledSandboxAcknowledgedIsThereAgain(t *testing.T) {
	t.Parallel()
	s := newStubborn(t)
	for round := range 3 {
		s.once(round)
	}
	if len(s.acked) == 0 {
		t.Error("nothing was written")
	}
}

// BenchmarkSandboxKill is the same at length:
// go test -run '^$' -bench SandboxKill -benchtime 50x ./ui/command.
func BenchmarkSandboxKill(b *testing.B) {
	s := newStubborn(b)
	for round := 0; b.Loop(); round++ {
		s.once(round)
	}
	b.ReportMetric(float64(len(s.acked)), "versions")
}
