package measure

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/dustin/go-humanize"

	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/polling"
	"bothways/probe/stats"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// The rows of the setup.
const (
	setupSizes = iota
	setupLength
	setupEvery
	setupLimit
	setupTarget
	setupPace
	setupKeep
	setupRows
)

// probeSetup is the panel on which a measurement is asked for.
type probeSetup struct {
	texts   [setupPace]widget.Field
	pace    polling.Pace
	keep    bool
	list    widget.List
	editing bool
	was     widget.Field
}

// newProbeSetup is the demo preset, where nothing else is said: twelve rounds, one
// every ten seconds, show a first verdict within three minutes.
func newProbeSetup(said host.Measurement) probeSetup {
	sizes := make([]string, 0, len(probe.DefaultSizes()))
	for _, size := range probe.DefaultSizes() {
		sizes = append(sizes, strings.ReplaceAll(wording.Size(size), " ", ""))
	}
	return probeSetup{
		texts: [setupPace]widget.Field{
			widget.NewField(cmp.Or(said.Sizes, strings.Join(sizes, ","))), widget.NewField(cmp.Or(said.Length, "12")),
			widget.NewField(cmp.Or(said.Every, "10s")), widget.NewField(cmp.Or(said.Limit, "15m")), widget.NewField(said.Target),
		},
		pace: cmp.Or(polling.Pace(said.Pace), polling.Normal),
	}
}

// config reads the panel. Its error says which row is wrong and why.
func (p *probeSetup) config(of pair.Pair) (probe.Config, error) {
	cfg := probe.Config{RunID: "new", Pair: of, Pace: p.pace, Keep: p.keep}
	var err error
	if cfg.Sizes, err = probe.ParseSizes(p.texts[setupSizes].String()); err != nil {
		return cfg, fmt.Errorf("sizes: %w", err)
	}
	if cfg.Rounds, cfg.For, err = readLength(p.texts[setupLength].String()); err != nil {
		return cfg, err
	}
	if cfg.Every, err = time.ParseDuration(strings.TrimSpace(p.texts[setupEvery].String())); err != nil {
		return cfg, fmt.Errorf("every: %q is not a time such as 10s or 2m", p.texts[setupEvery].String())
	}
	if cfg.Limit, err = time.ParseDuration(strings.TrimSpace(p.texts[setupLimit].String())); err != nil {
		return cfg, fmt.Errorf("limit: %q is not a time such as 15m", p.texts[setupLimit].String())
	}
	switch target := strings.TrimSpace(p.texts[setupTarget].String()); {
	case target != "":
		if cfg.Target, err = stats.ParseTarget(target); err != nil {
			return cfg, fmt.Errorf("target: %w", err)
		}
	case of.Options.TimeControl && cfg.Limit >= stats.RTC:
		cfg.Target = stats.RTC // what is paid for
	}
	return cfg, cfg.Check()
}

// readLength reads a number of rounds, or a time to start probes for.
func readLength(text string) (rounds int, length time.Duration, err error) {
	text = strings.TrimSpace(text)
	if rounds, err = strconv.Atoi(text); err == nil {
		return rounds, 0, nil
	}
	if length, err = time.ParseDuration(text); err != nil || length <= 0 {
		return 0, 0, fmt.Errorf("length: %q is neither a whole number of rounds nor a time such as 30m or 24h", text)
	}
	return 0, length, nil
}

// wrong says why the field being edited can't be used. What is wrong with
// another one is no reason to stay.
func (p *probeSetup) wrong(of pair.Pair) error {
	other := *p
	other.texts = newProbeSetup(host.Measurement{}).texts
	other.texts[p.list.Selected] = p.texts[p.list.Selected]
	_, err := other.config(of)
	return err
}

func (s *probeScreen) setupBindings() []widget.Binding {
	p := &s.setup
	if p.editing {
		return []widget.Binding{
			widget.Bind("enter", "use this", widget.Act(func() { p.editing = p.wrong(s.host.Chosen().Pair) != nil }), "enter"),
			widget.Bind("esc", "as it was", widget.Act(func() { p.texts[p.list.Selected], p.editing = p.was, false }), "esc"),
		}
	}
	reason := s.host.Settings().ReadOnly
	if _, err := p.config(s.host.Chosen().Pair); err != nil {
		reason = err.Error()
	}
	change := "change"
	if p.list.Selected < setupPace {
		change = "edit"
	}
	start := func() tea.Cmd { return s.host.UnlessUnkept("y", "starts without", s.Start) }
	bindings := append([]widget.Binding{widget.Bind("enter", "start", start, "enter").OrOff(reason)}, p.list.Bindings("choose", setupRows, nil)...)
	bindings = append(bindings, widget.Bind("space", change, widget.Act(p.Change), "space", "e", "right", "left"))
	if s.m != nil {
		bindings = append(bindings, widget.Bind("v", "the last chart", widget.Act(func() { s.choosing = false }), "v"))
	}
	return append(bindings,
		widget.Bind("x", "tear down", func() tea.Cmd { return s.host.GoTo(host.TearDown) }, "x").OrOff(s.host.Settings().ReadOnly),
		host.DrillThere(s.host),
		widget.Bind("esc", "plan", func() tea.Cmd { return s.host.GoTo(host.Plan) }, "esc"))
}

func (p *probeSetup) Change() {
	switch p.list.Selected {
	case setupPace:
		paces := polling.Paces()
		p.pace = paces[(slices.Index(paces, p.pace)+1)%len(paces)]
	case setupKeep:
		p.keep = !p.keep
	default:
		p.was = widget.NewField(p.texts[p.list.Selected].String())
		p.editing = true
	}
}

// drawSetup gives up empty lines first, and then its title, before it cuts what
// the measurement will ask of S3.
func (s *probeScreen) drawSetup(width, height int) []string {
	t, p := s.host.Look().Theme, &s.setup
	var tail []string
	if cfg, err := p.config(s.host.Chosen().Pair); err != nil {
		tail = widget.Hang(" "+t.Bad.Render("✗")+" ", widget.Clean(err.Error()), width-1)
	} else {
		tail = s.estimate(cfg, width)
	}
	left := s.left.draw(t, s.host.Chosen().Pair, width, false)
	if setupRows+len(tail)+len(left) > height {
		left = s.left.draw(t, s.host.Chosen().Pair, width, true)
	}
	tail = append(tail, left...)
	lines := widget.Hang(t.Title.Render(" What to measure")+"   ", "time until readable on the other side", width-1)
	spare := height - len(lines) - setupRows - len(tail)
	switch {
	case spare < 0:
		lines = nil
	case spare >= 2:
		lines = append(lines, "")
	}
	shown := min(setupRows, max(3, height-len(lines)-len(tail)))
	lines = append(lines, p.list.Draw(t, setupRows, len(lines), width, shown, !p.editing, func(i, width int) string {
		return s.setupRow(i, width)
	})...)
	if spare >= 1 {
		lines = append(lines, "")
	}
	return append(lines, tail...)
}

// setupRow is one row: what is asked for, and what that means.
func (s *probeScreen) setupRow(i, width int) string {
	t, p := s.host.Look().Theme, &s.setup
	about := [setupRows]struct{ name, means, short string }{
		{"sizes", "", ""},
		{"length", "rounds, or a time: 30m; 0: no end", ""},
		{"every", "from one round's start to the next", ""},
		{"limit", "then a probe is given up, and counted so", "then given up, and counted so"},
		{"target", "how many arrive within it: 15s, or rtc: 15 min", "how many arrive within it: 15s, rtc"},
		{"pace", "polls a sample: " + pollsOfPaces(), fmt.Sprintf("about %d polls a sample", p.pace.Figures().LeastHEADs)},
		{"objects", "deleted on both sides after each sample, or kept", widget.Choice(p.keep, "on both sides", "after each sample, on both sides")},
	}[i]
	const nameWidth, valueWidth = 9, 12
	if nameWidth+valueWidth+len(about.means) > width && about.short != "" {
		about.means = about.short
	}
	name := widget.Pad(about.name, nameWidth)
	var value string
	switch {
	case i == setupPace:
		value = string(p.pace)
	case i == setupKeep:
		value = widget.Choice(p.keep, "kept", "cleaned up")
	case p.editing && i == p.list.Selected:
		return name + p.texts[i].Draw(t, width-nameWidth-1)
	default:
		value = widget.Clean(cmp.Or(p.texts[i].String(), "none"))
	}
	if i == p.list.Selected {
		name = t.Selected.Render(name)
	}
	if i == setupSizes {
		return name + value
	}
	return name + widget.Pad(value, valueWidth) + t.Muted.Render(about.means)
}

// pollsOfPaces lists what every pace comes to.
func pollsOfPaces() string {
	paces := polling.Paces()
	all := make([]string, 0, len(paces))
	for _, pace := range paces {
		all = append(all, fmt.Sprintf("%s %d", pace, pace.Figures().LeastHEADs))
	}
	return strings.Join(all, ", ")
}

// estimate says what the measurement will ask of S3, before it starts.
func (s *probeScreen) estimate(cfg probe.Config, width int) []string {
	t := s.host.Look().Theme
	cost := cfg.Estimate()
	per, objects, spread := "", cfg.Planned(), cfg.Every*time.Duration(cost.Rounds)
	if cost.Unending {
		per, objects = " a round", 2*len(cfg.Sizes)
	}
	if cfg.For > 0 {
		spread = cfg.For
	}
	lines := widget.Hang(" "+t.Accent.Render("i")+" ", fmt.Sprintf("%s objects%s, %s each way; about %s requests: %s PUT, %s HEAD, %s LIST. Starts are spread over %s.",
		humanize.Comma(int64(objects)), per, wording.Size(cost.BytesAtoB), humanize.Comma(cost.PUTs+cost.HEADs+cost.LISTs),
		humanize.Comma(cost.PUTs), humanize.Comma(cost.HEADs), humanize.Comma(cost.LISTs), wording.Duration(spread)), width-1)
	price := fmt.Sprintf("At AWS's list prices of %s %s%s.", cost.PricesAsOf, aboutUSD(cost.Dollars), per)
	if !cost.Priced {
		price = "The price of a region's transfer is not known here; the rest is " + aboutUSD(cost.Dollars) + per + "."
	}
	lead := "   "
	switch {
	case s.host.Chosen().Access.Sandbox:
		price += " The sandbox costs nothing."
	case cost.Dear():
		lead, price = " "+t.Warn.Render("!")+" ", price+" It is asked for again before it starts."
	}
	return append(lines, widget.Hang(lead, price, width-1)...)
}

// aboutUSD words an estimated amount with as many digits as say something.
func aboutUSD(amount float64) string {
	switch {
	case amount <= 0:
		return "0 USD"
	case amount < 0.001:
		return "less than 0.001 USD"
	case amount < 1:
		return fmt.Sprintf("about %.3f USD", amount)
	}
	return fmt.Sprintf("about %.2f USD", amount)
}
