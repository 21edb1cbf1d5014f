package command_test

import (
	"bufio"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A long watch is ended by its length here, after its metrics were read.
func TestALongWatchSaysHowItStandsAndServesMetrics(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "20")
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	c := u.command(t.Context(), slices.Concat([]string{
		"probe", "--sizes", "1KiB", "--every", "500ms", "--for", "4s", "--progress", "1s", "--metrics", ":0",
	}, thePair)...)
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	address := ""
	hints := bufio.NewScanner(stderr)
	for address == "" && hints.Scan() {
		_, address, _ = strings.Cut(hints.Text(), "Metrics: ")
	}
	if !strings.HasPrefix(address, "http://127.0.0.1:") {
		t.Fatalf("the metrics are served on %q, want loopback", address)
	}
	lines := bufio.NewScanner(stdout)
	var text strings.Builder
	scraped := ""
	for lines.Scan() {
		text.WriteString(lines.Text() + "\n")
		if scraped != "" || !strings.Contains(lines.Text(), "HEADs") || strings.HasPrefix(lines.Text(), "Estimate") {
			continue // until the first sample is in
		}
		response, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		scraped = string(body)
	}
	rest, err := io.ReadAll(stderr)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Fatalf("probe ends with %v: %s", err, rest)
	}
	for _, want := range []string{"bothways_probes_total{", `outcome="replicated"} 1.0`, "bothways_in_flight{", "\n# EOF\n"} {
		if !strings.Contains(scraped, want) {
			t.Errorf("no %q in the metrics:\n%s", want, scraped)
		}
	}
	for _, want := range []string{"so far A → B  n ", "Counted: ", "Estimate: 16 PUTs", "COMPLETED at its origin", "from here A → B reads"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
}

// Each side has an address of its own here, of one sandbox: what the engine
// does with stores that are not AWS is tested in package probe.
func TestEachSideMayHaveAnEndpointOfItsOwn(t *testing.T) {
	t.Parallel()
	u := sandboxOf(t, "--time-scale", "20")
	if r := u.run(t, slices.Concat([]string{"apply", "--yes"}, thePair)...); r.code != 0 {
		t.Fatalf("apply exits %d: %s", r.code, r.stderr)
	}
	endpoint := ""
	u.env = slices.DeleteFunc(u.env, func(variable string) bool {
		value, is := strings.CutPrefix(variable, "AWS_ENDPOINT_URL=")
		if is {
			endpoint = strings.Trim(value, `'"`)
		}
		return is
	})
	r := u.run(t, slices.Concat([]string{
		"probe", "--json", "--sizes", "1KiB", "--rounds", "1", "--every", "100ms", "--endpoint-a", endpoint, "--endpoint-b", endpoint,
	}, thePair)...)
	if samples := named(events(t, r.stdout), "sample"); r.code != 0 || len(samples) != 2 {
		t.Errorf("exit %d, %d samples: %s", r.code, len(samples), r.stderr)
	}
	if report := u.run(t, "report").stdout; !strings.Contains(report, "not against AWS") {
		t.Errorf("the report does not say against what it was measured:\n%s", report)
	}
}
