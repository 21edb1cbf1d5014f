package report

import (
	"crypto/sha256"
	_ "embed" // the page's template and style
	"encoding/base64"
	"html/template"
	"io"
	"strings"
	"sync"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/probe/wording"
)

//go:embed page.html.tmpl
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// page is what the template shows; it escapes everything but the style.
type page struct {
	Style    template.CSS
	Policy   string // the Content-Security-Policy that the page holds itself to
	Title    string
	Lead     string
	Notes    []string
	Headline string
	Class    string // good, wrong or open
	Mending  string
	Tables   []table
	Remedies []Fact
	Rows     table
	Unshown  int64
	Facts    []Fact
	Version  string
}

// mostShown bounds the rows of a group that the page shows.
const mostShown = 100

// writeHTML writes one page that loads nothing: no script, no font, no other file.
func writeHTML(w io.Writer, a Audit) error {
	some, err := a.sampled(mostShown)
	if err != nil {
		return err
	}
	style := strings.TrimSpace(pageStyle)
	sum := sha256.Sum256([]byte(style))
	p := page{
		Style:  template.CSS(style), //nolint:gosec // the program's own file
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		Title:  a.Started.Pair.A.Region + " ⇄ " + a.Started.Pair.B.Region, Lead: "A " + a.Started.Pair.A.Bucket + " and B " + a.Started.Pair.B.Bucket,
		Notes: a.Notes, Headline: words.Headline(a.Tally, a.Complete(), a.lists()), Class: a.class(), Mending: words.Mending(a.Tally),
		Tables: []table{a.verdictTable(), a.listedTable()}, Remedies: a.remedies(), Facts: a.Facts(), Version: a.Version,
	}
	p.Rows = table{Title: "Differences", Head: []string{"verdict", "why", "puts it right", "direction", "key", "version", "size", "created (UTC)", "status A", "status B", "evidence"}}
	for _, r := range words.Rows(a.Tally) {
		for _, d := range some.rows[r.Group] {
			p.Rows.Rows = append(p.Rows.Rows, shown(d))
		}
	}
	p.Unshown = some.all - int64(len(p.Rows.Rows))
	p.makeVisible()
	return pageTemplate().Execute(w, p)
}

// class says how the headline is coloured.
func (a Audit) class() string {
	switch {
	case words.Sum(a.Tally).Wrong():
		return "wrong"
	case !a.Complete() || a.Tally.Of(difference.Open).Versions > 0:
		return "open"
	}
	return "good"
}

func shown(d difference.Difference) []string {
	e := d.Entry()
	version := e.VersionID
	if e.Marker {
		version += " (delete marker)"
	}
	return []string{
		words.Symbol(d.Verdict) + " " + words.Label(d.Verdict), words.Cause(d.Cause), words.Do(d.Remedy), Arrow(difference.WayOf(d.Direction)), d.Key, version,
		wording.Size(e.Size), e.Modified.UTC().Format("2006-01-02 15:04:05"), d.StatusA, d.StatusB, strings.Join(d.Evidence, "; "),
	}
}

// makeVisible escapes what could move text about, in everything that came from
// outside. The template sees to what HTML would take for its own.
func (p *page) makeVisible() {
	p.Title, p.Lead, p.Version = wording.Visible(p.Title), wording.Visible(p.Lead), wording.Visible(p.Version)
	p.Notes = all(p.Notes, wording.Visible)
	for _, facts := range [][]Fact{p.Facts, p.Remedies} {
		for i := range facts {
			facts[i].Text = wording.Visible(facts[i].Text)
		}
	}
	for _, t := range append(p.Tables, p.Rows) {
		for i := range t.Rows {
			t.Rows[i] = all(t.Rows[i], wording.Visible)
		}
	}
}
