package compare

import (
	"context"
	"maps"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/words"
	"bothways/aws/pair"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// examples lists the versions of one group: those that are in view, read from the
// file of the audit's rows, and all that is known of the chosen one.
type examples struct {
	host    host.Host
	group   difference.Group
	row     words.Row
	pair    pair.Pair
	clients map[pair.SideName]*account.Clients // that lines of the AWS CLI are written for
	list    widget.List
	details widget.Pane

	total   int64 // versions that the group has
	window  *window
	rows    []difference.Difference // from the first on
	first   int
	reading bool
	failure string
}

// held is how many rows are in memory around the chosen one.
const held = 200

func newExamples(h host.Host, row words.Row, p pair.Pair, path string, kept []difference.Difference) *examples {
	x := &examples{host: h, group: row.Group, row: row, pair: p, rows: kept}
	if path != "" {
		x.window = &window{path: path, group: row.Group}
	}
	return x
}

// reach finds out by which profile, region and address each side is reached, for
// the lines of the AWS CLI. Until then they have what was chosen.
func (x *examples) reach(open func(context.Context, account.Access, string) (*account.Clients, error), access account.Access) tea.Cmd {
	x.clients = map[pair.SideName]*account.Clients{}
	for _, side := range pair.Sides() {
		x.clients[side] = &account.Clients{Region: x.pair.Side(side).Region, Profile: access.Of(side).Profile, Endpoint: access.Of(side).Endpoint}
	}
	p := x.pair
	return x.host.Ask("reading local settings", func(ctx context.Context) host.Result {
		found := map[pair.SideName]*account.Clients{}
		for _, side := range pair.Sides() {
			if clients, err := open(ctx, access.Of(side), p.Side(side).Region); err == nil { // else the lines stay as they are
				found[side] = clients
			}
		}
		return func() tea.Cmd {
			maps.Copy(x.clients, found)
			return nil
		}
	})
}

// grown takes how many versions the group has by now.
func (x *examples) grown(total int64) tea.Cmd {
	x.total = total
	if x.window == nil {
		x.total = int64(len(x.rows)) // there are no others to show
	}
	return x.fetch()
}

// fetch reads the rows around the chosen one, where they are not there.
func (x *examples) fetch() tea.Cmd {
	at := x.list.Selected
	from := max(0, at-held/2)
	if x.window == nil || x.reading || x.has(at) && (x.has(min(at+held/4, int(x.total)-1)) && x.has(max(0, at-held/4))) {
		return nil
	}
	x.reading, x.failure = true, ""
	w := *x.window // what is read in the background comes back whole
	return x.host.Ask("reading differences", func(context.Context) host.Result {
		rows, err := w.read(from, held)
		return func() tea.Cmd {
			x.reading = false
			if err != nil {
				x.failure = err.Error()
				return nil
			}
			if len(rows) > 0 {
				*x.window, x.rows, x.first = w, rows, from
			}
			if len(rows) > 0 && x.list.Selected != at {
				return x.fetch()
			}
			return nil
		}
	})
}

func (x *examples) has(i int) bool { return i >= x.first && i < x.first+len(x.rows) }

// Bindings are what keys do here; close leads back.
func (x *examples) Bindings(close func() tea.Cmd) []widget.Binding {
	after := func() tea.Cmd {
		x.details = widget.Pane{}
		return x.fetch()
	}
	bindings := x.list.Bindings("choose", int(x.total), after)
	bindings = append(bindings, x.details.Bindings("scroll the details")...)
	if d, ok := x.selected(); ok {
		bindings = append(bindings, widget.Bind("c", "copy CLI", func() tea.Cmd { return x.host.Copy(x.cli(d)) }, "c"))
	}
	return append(bindings, widget.Bind("esc", "what was found", close, "esc"))
}

func (x *examples) choose(line int) {
	if i := x.list.Hit(line); i >= 0 {
		x.list.Selected, x.details = i, widget.Pane{}
	}
}

func (x *examples) selected() (difference.Difference, bool) {
	if !x.has(x.list.Selected) {
		return difference.Difference{}, false
	}
	return x.rows[x.list.Selected-x.first], true
}

// cli asks the side that has it for the version.
func (x *examples) cli(d difference.Difference) string {
	side := pair.A
	if d.A == nil {
		side = pair.B
	}
	return lineOf(x.clients[side], x.pair.Side(side).Bucket, d)
}

// lineOf asks a bucket for a version by the AWS CLI. Of a delete marker, of which
// HEAD is refused (405), it lists the versions of the key.
func lineOf(clients *account.Clients, bucket string, d difference.Difference) string {
	of, e := []string{"--bucket", bucket}, d.Entry()
	if e.Marker {
		return clients.CLI("s3api", "list-object-versions", append(of, account.Given("--prefix", "Prefix", d.Key)...)...)
	}
	of = append(of, account.Given("--key", "Key", d.Key)...)
	return clients.CLI("s3api", "head-object", append(of, account.Given("--version-id", "VersionId", e.VersionID)...)...)
}

// Draw shows the versions and, below, everything about the chosen one.
func (x *examples) Draw(width, height int) []string {
	t := x.host.Look().Theme
	style := severityStyle(t, x.row.Verdict.Severity())
	title := style.Render(words.Symbol(x.row.Verdict)) + " " + t.Title.Render(widget.Upper(words.Label(x.row.Verdict)))
	if cause := words.Cause(x.row.Cause); cause != "" {
		title += t.Muted.Render(", " + widget.Clean(cause))
	}
	lines := []string{widget.Fit(" "+title+"  "+t.Muted.Render(widget.Choice(x.total == 1, "1 version", words.Number(x.total)+" versions")), width)}
	switch {
	case x.failure != "":
		lines = append(lines, widget.Hang(" "+t.Bad.Render("✗")+" ", widget.Clean(x.failure), width-1)...)
	case x.reading && !x.has(x.list.Selected):
		lines = append(lines, " "+t.Accent.Render(x.host.Look().Spin)+" reading")
	default:
		lines = append(lines, "")
	}
	n := int(x.total)
	room := height - len(lines)
	lines = append(lines, x.list.Draw(t, n, len(lines), width, max(3, min(n, room*5/10)), true, func(i, width int) string {
		if !x.has(i) {
			return t.Muted.Render("…")
		}
		d := x.rows[i-x.first]
		e := d.Entry()
		size := wording.Size(e.Size)
		if e.Marker {
			size = "deletion"
		}
		key := widget.Pad(widget.Clean(d.Key), max(8, width-32))
		if i == x.list.Selected {
			key = t.Selected.Render(key)
		}
		return key + " " + left(size, 10) + "  " + t.Muted.Render(e.Modified.UTC().Format("2006-01-02 15:04:05"))
	})...)
	lines = append(lines, t.Rule.Render(" "+widget.Dashes(width-2)))
	return append(lines, x.details.DrawBeside(t, x.detail(width), len(lines), height-len(lines))...)
}

// detail is everything about the chosen version.
func (x *examples) detail(width int) []string {
	d, ok := x.selected()
	if !ok {
		return nil
	}
	t := x.host.Look().Theme
	lines := widget.Hang(" ", t.Title.Render(widget.Clean(d.Key)), width-1)
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, widget.Hang("   "+t.Muted.Render(widget.Pad(label, 8))+" ", widget.Clean(text), width-1)...)
		}
	}
	add("A has", entryText(d.A, d.StatusA, d.Asked))
	add("B has", entryText(d.B, d.StatusB, d.Asked))
	for i, fact := range d.Evidence {
		add(widget.Choice(i == 0, "evidence", ""), fact)
	}
	add("do", words.Remedy(d.Remedy))
	add("cli", x.cli(d))
	return lines
}

// entryText is a version as a side has it.
func entryText(e *difference.Entry, status string, asked bool) string {
	if e == nil {
		return "nothing"
	}
	text := "version " + e.VersionID + ", " + wording.Size(e.Size)
	if e.Marker {
		text = "delete marker " + e.VersionID
	}
	text += ", created " + e.Modified.UTC().Format("2006-01-02 15:04:05 UTC")
	if e.Latest {
		text += ", which it serves"
	}
	if e.ETag != "" {
		text += ", ETag " + e.ETag
	}
	switch {
	case status != "":
		text += ", replication " + status
	case asked && !e.Marker:
		text += ", no replication status"
	}
	return text
}
