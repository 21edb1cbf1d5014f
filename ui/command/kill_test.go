//go:build unix

package command_test

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// killing runs the program against a sandbox in another process, kills it with
// SIGKILL at random moments, and lets the next run finish the work.
type killing struct {
	*user
	tb      testing.TB
	s3      map[string]*s3.Client // by region
	iam     *iam.Client
	took    map[string]time.Duration // a whole run of a command
	died    int                      // runs that were killed before their end
	recalls int                      // plans that named the run that was killed
	// consents are given to what has others in it.
	consents []string
}

// newKilling starts the sandbox, one in which IAM takes its time, as it does.
func newKilling(tb testing.TB) *killing {
	tb.Helper()
	faults := filepath.Join(tb.TempDir(), "faults.json")
	if err := os.WriteFile(faults, []byte(`{"settling": {"role_assumable": "20s"}}`), 0o600); err != nil {
		tb.Fatal(err)
	}
	return against(tb, "--time-scale", "100", "--faults", faults)
}

// against starts the sandbox as told.
func against(tb testing.TB, flags ...string) *killing {
	tb.Helper()
	k := &killing{user: sandboxOf(tb, flags...), tb: tb, s3: map[string]*s3.Client{}, took: map[string]time.Duration{}}
	env := map[string]string{}
	for _, entry := range k.env {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	config := aws.Config{
		BaseEndpoint: aws.String(env["AWS_ENDPOINT_URL"]),
		Credentials:  credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
	}
	for _, region := range []string{"eu-west-1", "ap-southeast-1"} {
		config.Region = region
		k.s3[region] = s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	}
	k.iam = iam.NewFromConfig(config)
	return k
}

func (k *killing) line(command string) []string {
	more := map[string][]string{"plan": k.consents, "apply": append([]string{"--yes"}, k.consents...), "destroy": {"--yes", "--buckets"}}
	return slices.Concat([]string{command}, thePair, more[command])
}

// whole runs a command to its end and wants it to succeed.
func (k *killing) whole(command string) result {
	k.tb.Helper()
	start := time.Now()
	r := k.run(k.tb, k.line(command)...)
	k.took[command] = time.Since(start)
	if r.code != 0 {
		k.tb.Fatalf("%s exits %d: %s\n%s", command, r.code, r.stderr, r.stdout)
	}
	return r
}

// cut starts a command and kills it at a random moment of its usual time.
func (k *killing) cut(command string) {
	k.tb.Helper()
	ctx, cancel := context.WithTimeout(k.tb.Context(), patience)
	defer cancel()
	c := k.command(ctx, k.line(command)...)
	if err := c.Start(); err != nil {
		k.tb.Fatal(err)
	}
	moment := time.AfterFunc(rand.N(k.took[command]), func() { _ = c.Process.Kill() })
	_ = c.Wait() // its end is what this is about
	if !moment.Stop() && !c.ProcessState.Exited() {
		k.died++
	}
	if r := k.run(k.tb, k.line("plan")...); r.code != 0 && r.code != 3 {
		k.tb.Fatalf("after a killed %s, plan exits %d: %s\n%s", command, r.code, r.stderr, r.stdout)
	} else if strings.Contains(r.stdout, "ended without an outcome") {
		k.recalls++
	}
}

// once kills an apply and a destroy, and checks what the next ones make of it.
func (k *killing) once() {
	k.tb.Helper()
	k.cut("apply")
	k.whole("apply")
	k.count(2, 1)
	if r := k.run(k.tb, k.line("plan")...); r.code != 0 || strings.Contains(r.stdout, "ended without an outcome") {
		k.tb.Fatalf("after the second apply, plan exits %d: %s", r.code, r.stdout)
	}
	k.cut("destroy")
	k.whole("destroy")
	k.count(0, 0)
}

// count wants so many roles in all, and so many rules a direction.
func (k *killing) count(roles, rules int) {
	k.tb.Helper()
	ctx := k.tb.Context()
	out, err := k.iam.ListRoles(ctx, &iam.ListRolesInput{})
	if err != nil || len(out.Roles) != roles {
		k.tb.Fatalf("%d roles are there, %v; want %d", len(out.Roles), err, roles)
	}
	for i, region := range []string{"eu-west-1", "ap-southeast-1"} {
		bucket := strings.TrimPrefix(thePair[2*i+1], region+"/")
		found, err := k.s3[region].GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &bucket})
		switch {
		case rules == 0 && err == nil:
			k.tb.Fatalf("%s still has rules", bucket)
		case rules > 0 && (err != nil || len(found.ReplicationConfiguration.Rules) != rules):
			k.tb.Fatalf("%s: %v, %v; want %d rule", bucket, found, err, rules)
		}
	}
	if left, err := k.s3["eu-west-1"].ListBuckets(ctx, &s3.ListBucketsInput{}); rules == 0 && (err != nil || len(left.Buckets) > 0) {
		k.tb.Fatalf("%d buckets are left, %v", len(left.Buckets), err)
	}
}

func TestAKilledRunIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	k := newKilling(t)
	k.whole("apply")
	k.whole("destroy")
	for range 3 {
		k.once()
	}
	if k.died == 0 {
		t.Error("every run ended before it was killed")
	}
}

// BenchmarkKill is the same at length: go test -run '^$' -bench Kill -benchtime 100x ./ui/command.
func BenchmarkKill(b *testing.B) {
	k := newKilling(b)
	k.whole("apply")
	k.whole("destroy")
	for b.Loop() {
		k.once()
	}
	b.ReportMetric(float64(k.died), "killed")
	b.ReportMetric(float64(k.recalls), "recalled")
}
