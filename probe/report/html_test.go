package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"strings"
	"testing"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
)

// walk parses a page as a browser would and hands over its elements.
func walk(t *testing.T, page string, visit func(xml.StartElement)) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("not a page: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			visit(e)
		}
	}
}

func TestThePageLoadsNothingAndRunsNothing(t *testing.T) {
	page := written(t, wholeRun(t), HTML, charted("", "Sandbox: simulated distances"))
	ids := map[string]bool{}
	walk(t, page, func(e xml.StartElement) {
		for _, a := range e.Attr {
			switch name := a.Name.Local; {
			case name == "src" || name == "href" || name == "style" || name == "action" || strings.HasPrefix(name, "on"):
				t.Errorf("<%s %s=%q>", e.Name.Local, name, a.Value)
			case name == "id" && ids[a.Value]:
				t.Errorf("the id %q stands twice", a.Value)
			case name == "id":
				ids[a.Value] = true
			case name == "type" && e.Name.Local == "script" && a.Value != "application/json":
				t.Errorf("a script of type %q", a.Value)
			}
		}
		switch e.Name.Local {
		case "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video", "source":
			t.Errorf("<%s>", e.Name.Local)
		}
	})
	_, style, _ := strings.Cut(page, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	for _, load := range []string{"url(", "@import", "expression"} {
		if strings.Contains(style, load) {
			t.Errorf("the style has %s", load)
		}
	}
	sum := sha256.Sum256([]byte(style))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'"
	if !strings.Contains(html.UnescapeString(page), `content="`+policy+`"`) {
		t.Errorf("the page's policy does not allow its own style: %s", policy)
	}
}

func TestThePageSaysWhatIsNotOfAWS(t *testing.T) {
	page := written(t, wholeRun(t), HTML, charted("", "Sandbox: simulated distances"))
	if !strings.Contains(page, `<p class="note"><strong>Not AWS&#39;s own times.</strong> Sandbox: simulated distances.</p>`) &&
		!strings.Contains(page, `<p class="note"><strong>Not AWS's own times.</strong> Sandbox: simulated distances.</p>`) {
		t.Error("nothing says that the run is simulated")
	}
	if page := written(t, wholeRun(t), HTML, Options{}); strings.Contains(page, `class="note"`) {
		t.Error("a run against AWS is marked")
	}
}

func TestHostileTextStaysTextOnThePage(t *testing.T) {
	const attack = `</script></style><img src=x onerror=alert(1)><!-- "' & </title> ` + "\x1b]0;owned\x07\r\n\u202e\u2028"
	h := header()
	h.Pair.A.Bucket, h.Pair.B.Region, h.RunID = attack, attack, attack
	run := &Run{
		Headers: []probe.RunEvent{h},
		Samples: []probe.Sample{{Key: attack, VersionID: attack, Outcome: probe.Failed, Detail: attack}},
		Loops:   []probe.LoopEvent{{Key: attack, Direction: pair.AtoB, Origin: attack, Detail: attack}},
		Usage:   &cost.Usage{Requests: map[string]int64{attack: 1}},
	}
	options := charted("", attack)
	options.Version, options.Access = attack, attack
	page := written(t, run, HTML, options)
	walk(t, page, func(e xml.StartElement) {
		if e.Name.Local == "img" {
			t.Error("a name became an element")
		}
	})
	for _, live := range []string{"<img", "\x1b", "\x07", "\u202e", "<!--"} {
		if strings.Contains(page, live) {
			t.Errorf("%q got through", live)
		}
	}
	if strings.Count(page, "</script>") != 1 || strings.Count(page, "</style>") != 1 || strings.Count(page, "</title>") != 1 {
		t.Error("a name ended an element")
	}
	if d := embedded(t, page); d.Samples[0].Detail != attack || d.Runs[0].Pair.A.Bucket != attack {
		t.Errorf("the JSON says %q", d.Samples[0].Detail)
	}
}

func TestALongRunIsShownInPartAndHeldInFull(t *testing.T) {
	run := &Run{}
	for range mostRows + 7 {
		run.Samples = append(run.Samples, probe.Sample{Outcome: probe.Replicated, DurationMS: 4000})
	}
	page := written(t, run, HTML, Options{})
	if !strings.Contains(page, "leaves 7 out") || len(embedded(t, page).Samples) != mostRows+7 {
		t.Errorf("%d samples in the JSON", len(embedded(t, page).Samples))
	}
}

func TestACardSaysOfAMedianWhatTheTableSays(t *testing.T) {
	for _, c := range []struct {
		outcome probe.Outcome
		n       int
		says    [2]string
	}{
		{probe.Replicated, 2, [2]string{"too few (4 more)", "for a median"}},
		{probe.Interrupted, 8, [2]string{"over 1.0 s", "median; too few arrived to know it, 95 %: from 1.0 s"}},
	} {
		run := &Run{}
		for range c.n {
			run.Samples = append(run.Samples, probe.Sample{Direction: pair.AtoB, Outcome: c.outcome, DurationMS: 1000, BracketMS: [2]float64{1000, 1000}})
		}
		s := run.Statistics().Direction(pair.AtoB)
		got := cardOf(s)
		if got.Median != c.says[0] || got.Interval != c.says[1] {
			t.Errorf("%d that %s: %q, %q; the table says %q", c.n, c.outcome, got.Median, got.Interval, withInterval(s.Median))
		}
	}
}
