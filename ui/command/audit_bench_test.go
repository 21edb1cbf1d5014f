//go:build unix

package command_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// auditedPair are two generated buckets.
var auditedPair = []string{"--a", "eu-west-1/bothways-generated-one", "--b", "ap-southeast-1/bothways-generated-two"}

// generated is a file for --generate: so many keys with a version each on both
// sides, and differences.
func generated(tb testing.TB, keys int, differences string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "generate.json")
	hourAgo := time.Now().Add(-time.Hour).UTC().Format(time.RFC3339) // so that nothing is too young to be judged
	text := fmt.Sprintf(`{"seed": 1, "at": %q, "buckets": [{"name": "bothways-generated-one", "region": "eu-west-1"}, {"name": "bothways-generated-two", "region": "ap-southeast-1"}],
"keys": [{"prefix": "data/", "count": %d}], "differences": [%s]}`, hourAgo, keys, differences)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// BenchmarkAudit audits generated buckets with the built program, the sandbox in a
// process of its own, and says what a million listed versions take of a processor,
// and the most memory that is resident. AUDIT_KEYS is how many keys each side has,
// some numbers with spaces between them: 100000 and 1000000 else. What rclone and
// mc take for the same buckets stands beside it, where they are installed and each
// side has AUDIT_OTHERS keys at most: 100000 else, since rclone took eleven
// kilobytes of memory for each.
//
//	go test -run '^$' -bench 'Audit$' -benchtime 1x -timeout 60m ./ui/command
//	AUDIT_OTHERS=1000000 go test -run '^$' -bench 'Audit$' -benchtime 1x -timeout 60m ./ui/command
//	AUDIT_KEYS='1000000 10000000' go test -run '^$' -bench 'Audit$/bothways' -benchtime 1x -timeout 60m ./ui/command
func BenchmarkAudit(b *testing.B) {
	sizes := cmp.Or(os.Getenv("AUDIT_KEYS"), "100000 1000000")
	most, err := strconv.Atoi(cmp.Or(os.Getenv("AUDIT_OTHERS"), "100000"))
	if err != nil {
		b.Fatalf("AUDIT_OTHERS: %v", err)
	}
	for text := range strings.FieldsSeq(sizes) {
		keys, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("AUDIT_KEYS %q: %v", text, err)
		}
		u := sandboxOf(b, "--distances", "off", "--generate", generated(b, keys, `{"kind": "none", "count": 20}, {"kind": "different", "count": 20}`))
		for _, tool := range []struct {
			name, program string
			args          []string
		}{
			{"bothways", built, slices.Concat([]string{"audit", "--progress", "0"}, auditedPair)},
			{"rclone", "rclone", []string{"check", "one:bothways-generated-one", "two:bothways-generated-two", "--config", os.DevNull, "--checkers", "16", "--log-level", "ERROR"}},
			{"mc", "mc", []string{"--quiet", "diff", "one/bothways-generated-one", "two/bothways-generated-two"}},
		} {
			b.Run(fmt.Sprintf("%s/%d", tool.name, keys), func(b *testing.B) {
				program, err := exec.LookPath(tool.program)
				if err != nil {
					b.Skipf("%s is not installed: left out", tool.name)
				}
				if tool.name != "bothways" && keys > most {
					b.Skipf("%s would take gigabytes of memory for %d keys: left out; AUDIT_OTHERS has it tried", tool.name, keys)
				}
				for b.Loop() {
					took(b, u, 2*float64(keys)/1e6, program, tool.args...)
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// took runs a program, and says what it took of the machine for so many millions
// of versions.
func took(b *testing.B, u *user, millions float64, program string, args ...string) {
	b.Helper()
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	c := exec.CommandContext(ctx, program, args...)
	c.Env, c.Dir = append(slices.Clone(u.env), remotes(u)...), u.home
	var said bytes.Buffer
	c.Stderr = &said
	begun := time.Now()
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = c.Wait() // all of them say by their exit code that there are differences
	}()
	looks := time.NewTicker(20 * time.Millisecond)
	defer looks.Stop()
	most := int64(0)
	for {
		select {
		case <-looks.C:
			most = max(most, peak(c.Process.Pid)) // of a mark that only rises
			continue
		case <-ended:
		}
		break
	}
	if code := c.ProcessState.ExitCode(); code != 0 && code != 1 || strings.Contains(said.String(), "mc: <ERROR>") { // which it ends with 1, too
		b.Fatalf("%s ends with %d: %s", program, code, said.String())
	}
	cpu := (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
	b.ReportMetric(time.Since(begun).Seconds(), "s")
	b.ReportMetric(cpu/millions, "cpu-s/million")
	b.ReportMetric(float64(most)/(1<<20), "MiB-resident")
}

// remotes are the settings by which rclone and mc find both sides.
func remotes(u *user) []string {
	env := map[string]string{}
	for _, entry := range u.env {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	endpoint, id, secret := env["AWS_ENDPOINT_URL"], env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]
	// A region for all buckets is what mc would go by, and not by where they are.
	all := []string{"AWS_REGION=", "AWS_DEFAULT_REGION="}
	for name, region := range map[string]string{"one": "eu-west-1", "two": "ap-southeast-1"} {
		for key, value := range map[string]string{
			"TYPE": "s3", "PROVIDER": "Other", "ENDPOINT": endpoint, "ACCESS_KEY_ID": id, "SECRET_ACCESS_KEY": secret, "REGION": region, "FORCE_PATH_STYLE": "true",
		} {
			all = append(all, "RCLONE_CONFIG_"+strings.ToUpper(name)+"_"+key+"="+value)
		}
		all = append(all, "MC_HOST_"+name+"="+strings.Replace(endpoint, "://", "://"+id+":"+secret+"@", 1))
	}
	return all
}
