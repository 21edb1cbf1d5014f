package command_test

import (
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bothways/aws/audit/athena/athenatest"
)

// The built program asks Athena at the address that it is given, says the price
// first, and leaves no table.
func TestAnAuditIsComparedByAthena(t *testing.T) {
	u := sandboxOf(t, "--time-scale", "60000", "--seed", "1")
	sides := []string{"--a", "eu-west-1/bothways-athena-one", "--b", "ap-southeast-1/bothways-athena-two"}
	for _, wrong := range [][]string{
		{"--athena", "w"},
		{"--inventory", "--athena", "a b"},
		{"--inventory", "--athena", "w", "--athena-side", "c"},
		{"--inventory", "--athena-output", "s3://x/"},
		{"--inventory", "--athena", "w", "--athena-tables", "one"},
		{"--inventory", "--athena", "w", "--athena-tables", "one,two;x"},
		{"--estimate", "--athena", "w"},
	} {
		if r := u.run(t, append(append([]string{"audit"}, wrong...), sides...)...); r.code != 2 {
			t.Errorf("%q exits %d: %s", wrong, r.code, r.stderr)
		}
	}
	if r := u.run(t, append([]string{"apply", "--yes"}, sides...)...); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	counts := []string{"3", "3", "3", "0", "0", "9", "9", "3", "9", "0", "0"}
	s := athenatest.New(func(statement string) ([][]*string, error) {
		switch {
		case strings.Contains(statement, "do not differ"):
			return athenatest.Rows(make([]string, len(counts)), counts), nil
		case strings.Contains(statement, "all keys that differ"):
			return athenatest.Rows(make([]string, 16)), nil
		}
		return athenatest.Rows(nil), nil
	})
	var unknown atomic.Bool
	s.Fail = func(string) (int, string) {
		if unknown.Load() {
			return 400, "InvalidRequestException"
		}
		return 0, ""
	}
	server := httptest.NewServer(s)
	defer server.Close()
	u.env = append(u.env, "AWS_ENDPOINT_URL_ATHENA="+server.URL)
	asked := append([]string{"audit", "--inventory", "--athena", "w", "--athena-output", "s3://answers/"}, sides...)
	if r := u.run(t, asked...); r.code != 1 || !strings.Contains(r.stderr, "bothways inventory") {
		t.Fatalf("without an inventory it exits %d: %s", r.code, r.stderr)
	}
	if r := u.run(t, append([]string{"inventory", "--format", "csv", "--yes"}, sides...)...); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	var r result
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		if r = u.run(t, asked...); !strings.Contains(r.stderr, "no list") {
			break
		}
	}
	if r.code != 0 || !strings.Contains(r.stdout, "Athena in eu-west-1, workgroup w, is asked 2 times and reads at most 20 MiB: at most 0.01 USD at list prices") || !strings.Contains(r.stdout, "Athena read ") {
		t.Errorf("it exits %d: %s\n%s", r.code, r.stdout, r.stderr)
	}
	if there, dropped := s.Tables(); len(there) != 0 || len(dropped) != 2 {
		t.Errorf("the tables %v are left", there)
	}
	unknown.Store(true)
	if r := u.run(t, asked...); r.code != 1 || !strings.Contains(r.stderr, "there is none of that name in eu-west-1") {
		t.Errorf("an unknown workgroup exits %d: %s", r.code, r.stderr)
	}
}
