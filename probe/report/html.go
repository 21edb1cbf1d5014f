package report

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed" // the page's template and style
	"encoding/base64"
	"errors"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/stats"
	"bothways/probe/wording"
)

//go:embed page.html.tmpl
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// page is what the template shows. What is of a template type was made here
// and not outside; the template escapes everything else.
type page struct {
	Style     template.CSS
	Policy    string // the Content-Security-Policy that the page holds itself to
	Title     string
	Notes     []string
	Lead      string
	Verdicts  []stats.VerdictEvent
	ByChance  string
	Shown     []string // beside the verdicts
	Cards     []card
	Drawings  []pageDrawing
	Tables    []table
	Loop      string
	Broken    []string
	Facts     []Fact
	Reading   []Fact
	Reasons   []reason
	More      int
	Samples   table
	Unshown   int
	Version   string
	Generated template.JS // reportGoesHere
}

// card is one direction at a glance.
type card struct {
	Class, Mark, Name string
	Median, Interval  string
	Detail            string
}

type pageDrawing struct {
	Title, Caption string
	Wide, Narrow   template.HTML
	Table          table
}

type table struct {
	Title string
	Head  []string
	Rows  [][]string
	// Figures counts the last columns, which hold numbers; 0: as many as
	// tableColumns.
	Figures int
}

// mostRows bounds the samples that the page shows as a table; all of them are
// in its JSON.
const mostRows = 1000

// writeHTML writes one page that loads nothing: no script, no font, no other
// file. It allows itself no more than its own style sheet, so it also opens
// under a strict policy; without any style it is still whole.
func writeHTML(w io.Writer, run *Run, options Options) error {
	style := strings.TrimSpace(pageStyle)
	sum := sha256.Sum256([]byte(style))
	c := run.Statistics()
	verdicts := c.VerdictEvents(run.Looks())
	p := page{
		Style:    template.CSS(style), //nolint:gosec // the program's own file
		Policy:   "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'",
		Title:    "S3 replication times, both ways",
		Notes:    options.Notes,
		Verdicts: verdicts, ByChance: stats.ByChance(verdicts), Shown: slices.Concat(run.TargetLines(), run.LevelLines()),
		Facts: Facts(run, options.Origin), Reading: reading,
		Version:   options.Version,
		Generated: reportGoesHere,
	}
	if len(run.Headers) > 0 {
		sides := run.Headers[0].Pair
		p.Title = sides.A.Region + " ⇄ " + sides.B.Region
		p.Lead = wording.Visible(sides.A.Bucket) + " and " + wording.Visible(sides.B.Bucket) + ", measured from " + run.Headers[0].StartedAt.UTC().Format("2 January 2006, 15:04:05 UTC") + " on"
	}
	for _, d := range pair.Directions() {
		p.Cards = append(p.Cards, cardOf(c.Direction(d)))
	}
	if options.Drawings != nil {
		p.draw(options.Drawings())
	}
	p.Tables = slices.DeleteFunc([]table{byDirection("By direction", c), bySize("By direction and file size", c), within(run), levels(run), completions(run)},
		func(t table) bool { return len(t.Rows) == 0 })
	p.Loop, p.Broken = loopSummary(run)
	p.Reasons, p.More = reasons(run, mostReasons)
	p.Samples, p.Unshown = sampleTable(run)
	p.makeVisible()
	var shown bytes.Buffer
	if err := pageTemplate().Execute(&shown, p); err != nil {
		return err
	}
	at := bytes.LastIndex(shown.Bytes(), []byte(reportGoesHere))
	if at < 0 {
		return errors.New("the page has no place for the JSON report")
	}
	before, after := shown.Bytes()[:at], shown.Bytes()[at+len(reportGoesHere):]
	out := bufio.NewWriterSize(w, 64<<10)
	_, _ = out.Write(before) // Flush has its error
	// Package json escapes <, > and &, so nothing in it ends the script element.
	if err := writeDocument(out, run, options.Origin, ""); err != nil {
		return err
	}
	_, _ = out.Write(after)
	return out.Flush()
}

// reportGoesHere stands in the page where the JSON report is written, which may be
// too long to be held in memory.
const reportGoesHere = `{"the report": "goes here"}`

func (p *page) draw(drawings []Drawing) {
	for _, d := range drawings {
		p.Drawings = append(p.Drawings, pageDrawing{
			Title: d.Title, Caption: d.Caption,
			Wide: template.HTML(d.Wide), Narrow: template.HTML(d.Narrow), //nolint:gosec // drawn and escaped by the caller, as Drawing says
			Table: table{Title: d.Title, Head: d.Head, Rows: d.Rows},
		})
	}
}

// makeVisible escapes what could move text about, in everything that came from
// outside. The template sees to what HTML would take for its own.
func (p *page) makeVisible() {
	p.Title, p.Version, p.Loop = wording.Visible(p.Title), wording.Visible(p.Version), wording.Visible(p.Loop)
	p.Notes, p.Broken = rewritten(p.Notes, wording.Visible), rewritten(p.Broken, wording.Visible)
	p.Facts, p.Reasons = rewritten(p.Facts, wording.Visible), rewritten(p.Reasons, wording.Visible)
	p.Samples.Rows = rewritten(p.Samples.Rows, wording.Visible)
}

func cardOf(s stats.Summary) card {
	c := card{Class: "s" + strconv.Itoa(int(s.Direction)), Mark: []string{"●", "◆"}[s.Direction], Name: s.Direction.Arrow()}
	words := s.Median.Words()
	c.Median, c.Interval = words.Text(wording.Duration), "median, 95 %: "+words.Interval(wording.Duration)
	switch s.Median.State {
	case stats.NotEnough:
		c.Interval = "for a median"
	case stats.Beyond:
		c.Interval = "median; too few arrived to know it, 95 %: " + words.Interval(wording.Duration)
	case stats.AtMost:
		c.Interval = "median; its answer was held, so that it is not known closer, 95 %: " + words.Interval(wording.Duration)
		if s.Held > s.LeftCensored {
			break
		}
		c.Interval = "median; the first poll found too many to know it, 95 %: " + words.Interval(wording.Duration)
	case stats.Known:
	}
	c.Detail = "mean " + s.Mean.Words().WithInterval("95 %: ", wording.Duration) + ", n " + strconv.Itoa(s.N)
	for _, count := range []struct {
		n    int
		name string
	}{{s.GaveUp, "gave up"}, {s.Interrupted, "interrupted"}, {s.Failed, "failed"}, {s.Suspended, "suspended"}, {s.LeftCensored, "at most"}, {s.Unknowns, "unknown polls"}} {
		c.Detail += ", " + count.name + " " + strconv.Itoa(count.n)
	}
	return c
}

func byDirection(title string, c *stats.Collector) table {
	t := table{Title: title, Head: append([]string{"direction"}, tableColumns...)}
	for _, d := range pair.Directions() {
		t.Rows = append(t.Rows, append([]string{d.Arrow()}, tableCells(c.Direction(d))...))
	}
	return t
}

func bySize(title string, c *stats.Collector) table {
	t := table{Title: title, Head: append([]string{"direction", "size"}, tableColumns...)}
	for _, cell := range c.Cells() {
		t.Rows = append(t.Rows, append([]string{cell.Direction.Arrow(), wording.Size(cell.SizeBytes)}, tableCells(cell)...))
	}
	return t
}

// completions is the second end point, empty where it was not followed.
func completions(run *Run) table {
	if c := run.Completions(); len(c.Cells()) > 0 {
		return byDirection("Until the origin reads COMPLETED", c)
	}
	return table{}
}

// sampleTable lists the first samples.
func sampleTable(run *Run) (t table, unshown int) {
	t.Head = []string{"direction", "size", "round", "posted (UTC)", "outcome", "time s", "bracket s", "COMPLETED s", "HEADs", "unknown", "upload s", "late s", "why"}
	for s := range run.EachSample() {
		if len(t.Rows) == mostRows {
			unshown = run.N() - mostRows
			break
		}
		completed := ""
		if s.Completed != nil && s.Completed.Outcome == probe.Replicated {
			completed = inSeconds(s.Completed.BracketMS[0]) + " to " + inSeconds(s.Completed.BracketMS[1])
		}
		t.Rows = append(t.Rows, []string{
			s.Direction.Arrow(), wording.Size(s.SizeBytes), strconv.Itoa(s.Round), s.PostedAt.UTC().Format("2006-01-02 15:04:05.000"),
			string(s.Outcome), timeText(s), bracketText(s), completed,
			strconv.Itoa(s.HEADs), strconv.Itoa(s.Unknowns), inSeconds(s.UploadMS), inSeconds(s.LateMS), s.Detail,
		})
	}
	return t, unshown
}

func timeText(s probe.Sample) string {
	switch {
	case s.Outcome.Censored():
		return "over " + inSeconds(s.DurationMS)
	case s.Outcome != probe.Replicated:
		return ""
	case s.AtMost():
		return "at most " + inSeconds(s.BracketMS[1])
	default:
		return inSeconds(s.DurationMS)
	}
}

func bracketText(s probe.Sample) string {
	if s.Outcome != probe.Replicated {
		return ""
	}
	return inSeconds(s.BracketMS[0]) + " to " + inSeconds(s.BracketMS[1])
}

func inSeconds(ms float64) string {
	return strconv.FormatFloat(time.Duration(ms*float64(time.Millisecond)).Seconds(), 'f', 3, 64)
}
