package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"reflect"
	"runtime"
	"strconv"
	"strings"

	parallel "github.com/sourcegraph/conc/iter"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/cost"
	"bothways/probe/stats"
)

// document is the JSON report: what the journal holds, and what follows from
// its samples.
type document struct {
	Origin     Origin               `json:"origin"`
	Runs       []probe.RunEvent     `json:"runs"`
	RTTs       []probe.RTTEvent     `json:"rtt"`
	Samples    []probe.Sample       `json:"samples"`
	Loops      []probe.LoopEvent    `json:"loop_checks"`
	Unfinished []probe.StartedEvent `json:"unfinished"`
	Bias       *probe.BiasEvent     `json:"bias"`
	Stalls     []probe.StallEvent   `json:"stalls"`
	Sleeps     []probe.SleptEvent   `json:"sleeps"`
	Notices    []probe.NoticeEvent  `json:"notices"`
	Left       []probe.LeftObject   `json:"left"`
	Usage      *cost.Usage          `json:"usage"`
	TornLine   bool                 `json:"torn_last_line"`
	Damaged    []int                `json:"damaged_lines,omitempty"` // their numbers in the journal
	Summaries  []stats.SummaryEvent `json:"summaries"`
	Verdicts   []stats.VerdictEvent `json:"verdicts"`
	// Pooled are the runs that were taken together, where it was more than one.
	Pooled []pooledRun `json:"pooled,omitempty"`
	// Targets say how many arrived within the run's target, where it has one.
	Targets []stats.WithinEvent `json:"targets,omitempty"`
	// Stretches are the parts of the run in which a direction's times kept their
	// level: one where no change is shown.
	Stretches []stats.StretchEvent `json:"stretches"`
	// Completions summarise the second end point, COMPLETED at the origin.
	Completions []stats.SummaryEvent `json:"completions"`
}

// anyOf yields the values of a list that is never held whole.
func anyOf[E any](values iter.Seq[E]) iter.Seq[any] {
	return func(yield func(any) bool) {
		for one := range values {
			if !yield(one) {
				return
			}
		}
	}
}

func writeJSON(w io.Writer, run *Run, options Options) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if err := writeDocument(out, run, options.Origin, "  "); err != nil {
		return err
	}
	_ = out.WriteByte('\n') // Flush has its error
	return out.Flush()
}

func documentOf(run *Run, origin Origin) document {
	origin.Notes = list(origin.Notes)
	c := run.Statistics()
	d := document{
		Origin: origin,
		Runs:   list(run.Headers), RTTs: list(run.RTTs),
		Bias: run.Bias, Stalls: list(run.Stalls), Sleeps: list(run.Sleeps), Notices: list(run.Notices), Left: list(run.Left), Usage: run.Usage,
		Unfinished: list(run.Unfinished), TornLine: run.Torn, Damaged: run.Damaged,
		Summaries: c.SummaryEvents(), Verdicts: c.VerdictEvents(run.Looks()),
	}
	if run.Target > 0 {
		d.Targets = run.targeted().WithinEvents(run.Target)
	}
	for _, p := range run.Pooled {
		d.Pooled = append(d.Pooled, p.json())
	}
	d.Stretches = []stats.StretchEvent{}
	for _, direction := range pair.Directions() {
		for _, s := range run.Stretches(direction) {
			d.Stretches = append(d.Stretches, s.Event())
		}
	}
	completions := run.Completions()
	for _, direction := range pair.Directions() {
		d.Completions = append(d.Completions, completions.Direction(direction).Event())
	}
	return d
}

// writeDocument writes the document as package json would, with its members a
// step further in, or without any space where step is "". Whatever could move
// text about where somebody reads it is escaped. The samples and the loop checks,
// which the document that it gets lacks, are written one by one.
func writeDocument(w *bufio.Writer, run *Run, origin Origin, step string) error {
	lists := map[string]iter.Seq[any]{"samples": anyOf(run.EachSample()), "loop_checks": anyOf(run.EachLoop())}
	out := jsonWriter{to: w, step: step}
	out.text("{")
	first := true
	for field, value := range reflect.ValueOf(documentOf(run, origin)).Fields() {
		name, omit, _ := strings.Cut(field.Tag.Get("json"), ",")
		if omit == "omitempty" && value.IsZero() {
			continue
		}
		out.next(&first, 1)
		out.text(strconv.Quote(name) + ":")
		if step != "" {
			out.text(" ")
		}
		if many := lists[name]; many != nil {
			out.list(many, 1)
		} else {
			out.value(value.Interface(), 1)
		}
	}
	out.end(first, 0, "}")
	return out.failed
}

// jsonWriter writes a JSON text piece by piece. What goes wrong after the first
// failure is not told.
type jsonWriter struct {
	to     *bufio.Writer
	step   string
	indent bytes.Buffer
	failed error
}

func (j *jsonWriter) text(text string) {
	_, err := j.to.WriteString(text)
	j.fail(err)
}

// next comes before a member or an element, so deep.
func (j *jsonWriter) next(first *bool, depth int) {
	if !*first {
		j.text(",")
	}
	*first = false
	j.newLine(depth)
}

// end comes after the last one; none says that there was none.
func (j *jsonWriter) end(none bool, depth int, bracket string) {
	if !none {
		j.newLine(depth)
	}
	j.text(bracket)
}

func (j *jsonWriter) list(values iter.Seq[any], depth int) {
	j.text("[")
	none := true
	var some [][]any
	write := func() {
		for _, written := range parallel.Map(some, func(batch *[]any) encoded { return j.encode(*batch, depth) }) {
			if !none {
				j.text(",")
			}
			none = false
			j.text(written.text)
			j.fail(written.failed)
		}
		some = some[:0]
	}
	for batch := range batches(values, valuesAtOnce) {
		if some = append(some, batch); len(some) == runtime.GOMAXPROCS(0) {
			if write(); j.failed != nil {
				break
			}
		}
	}
	write()
	j.end(none, depth, "]")
}

// encoded are some values as text.
type encoded struct {
	text   string
	failed error
}

func (j *jsonWriter) encode(values []any, depth int) encoded {
	var text strings.Builder
	own := jsonWriter{to: bufio.NewWriter(&text), step: j.step}
	first := true
	for _, one := range values {
		own.next(&first, depth+1)
		own.value(one, depth+1)
	}
	_ = own.to.Flush() // a builder takes all
	return encoded{text.String(), own.failed}
}

// valuesAtOnce are encoded by one goroutine.
const valuesAtOnce = 64

// batches yields the values some at a time.
func batches(values iter.Seq[any], most int) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		some := make([]any, 0, most)
		for one := range values {
			if some = append(some, one); len(some) == most {
				if !yield(some) {
					return
				}
				some = make([]any, 0, most)
			}
		}
		if len(some) > 0 {
			yield(some)
		}
	}
}

func (j *jsonWriter) fail(err error) {
	if err != nil && j.failed == nil {
		j.failed = err
	}
}

func (j *jsonWriter) newLine(depth int) {
	if j.step != "" {
		j.text("\n" + strings.Repeat(j.step, depth))
	}
}

func (j *jsonWriter) value(value any, depth int) {
	text, err := json.Marshal(value)
	if err == nil && j.step != "" {
		j.indent.Reset()
		err = json.Indent(&j.indent, text, strings.Repeat(j.step, depth), j.step)
		text = j.indent.Bytes()
	}
	if err == nil {
		_, err = j.to.Write(pair.EscapeJSON(text))
	}
	j.fail(err)
}

// list makes an absent list an empty one, so that readers never meet null.
func list[E any](events []E) []E {
	if events == nil {
		return []E{}
	}
	return events
}
