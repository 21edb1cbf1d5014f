package measure

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/wording"
	"bothways/ui/chart"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// cursor picks one sample of a measurement, to be shown whole.
type cursor struct {
	on  bool
	key string // of the sample that is picked
	// order are the samples by the time at which they began, as of so many of them.
	order []int
	of    int
}

// sorted are the places of the samples by the time at which they began. That is found
// once after a sample came.
func (c *cursor) sorted(m *measurement) []int {
	samples := m.record.Samples
	if c.of != len(samples) || c.order == nil {
		c.order, c.of = make([]int, 0, len(samples)), len(samples)
		for i, s := range samples {
			if s.Outcome != probe.Suspended {
				c.order = append(c.order, i)
			}
		}
		slices.SortStableFunc(c.order, func(a, b int) int {
			return cmp.Compare(samples[a].SinceStart(m.began), samples[b].SinceStart(m.began))
		})
	}
	return c.order
}

// at is where the sample that is picked stands in their order: the last one where
// none is. ok is false where there is no sample.
func (c *cursor) at(m *measurement) (place int, s probe.Sample, ok bool) {
	order := c.sorted(m)
	if len(order) == 0 {
		return 0, s, false
	}
	place = slices.IndexFunc(order, func(i int) bool { return m.record.Samples[i].Key == c.key })
	if place < 0 {
		place = len(order) - 1
	}
	return place, m.record.Samples[order[place]], true
}

// move picks the sample that is so many further on.
func (c *cursor) move(m *measurement, by int) {
	place, _, ok := c.at(m)
	if !ok {
		return
	}
	order := c.sorted(m)
	c.key = m.record.Samples[order[min(max(place+by, 0), len(order)-1)]].Key
}

// slower picks the sample that took next longer, or next shorter.
func (c *cursor) slower(m *measurement, longer bool) {
	_, now, ok := c.at(m)
	if !ok {
		return
	}
	best, found := now, false
	for _, i := range c.sorted(m) {
		s := m.record.Samples[i]
		if s.Key == now.Key || s.Outcome == probe.Failed {
			continue
		}
		further := s.DurationMS > now.DurationMS
		if !longer {
			further = s.DurationMS < now.DurationMS
		}
		if further && (!found || (s.DurationMS < best.DurationMS) == longer) {
			best, found = s, true
		}
	}
	c.key = best.Key
}

// point is the sample that is picked, as a chart marks it.
func (c *cursor) point(m *measurement) *chart.Point {
	if !c.on {
		return nil
	}
	_, s, ok := c.at(m)
	if !ok {
		return nil
	}
	return &chart.Point{Series: int(s.Direction), Size: s.SizeBytes, At: s.SinceStart(m.began), Value: probe.Duration(s.DurationMS)}
}

// details are all that is known of the sample that is picked.
func (c *cursor) details(t widget.Theme, m *measurement, access account.Access, width int) []string {
	place, s, ok := c.at(m)
	if !ok {
		return nil
	}
	lines := []string{
		fmt.Sprintf(" %s  %s   round %d   %d of %d   started after %s", t.Direction[s.Direction].Render(markers[s.Direction]+" "+s.Direction.Arrow()), t.Strong.Render(wording.Size(s.SizeBytes)),
			s.Round, place+1, len(c.sorted(m)), wording.Duration(s.SinceStart(m.began).Round(100*time.Millisecond))),
		"   " + tookText(t, s) + fmt.Sprintf("   %s, upload %s", widget.Count(s.HEADs, "poll", "polls"), wording.Duration(probe.Duration(s.UploadMS))),
		"   " + statusText(m, s),
		"   " + t.Muted.Render("key") + " " + widget.Clean(s.Key) + "  " + t.Muted.Render("version") + " " + widget.Clean(cmp.Or(s.VersionID, "not known")),
	}
	for i, line := range lines {
		lines[i] = widget.Fit(line, width)
	}
	return slices.Concat(lines, widget.Hang("   "+t.Muted.Render("cli")+" ", widget.Clean(sampleCLI(m.cfg.Pair, access, s)), width-1))
}

// tookText is how long a sample took, with its bracket, or what became of it.
func tookText(t widget.Theme, s probe.Sample) string {
	value := wording.Precise(probe.Duration(s.DurationMS))
	switch {
	case s.Outcome == probe.Failed:
		return t.Bad.Render("✗ failed") + " " + widget.Clean(s.Detail)
	case s.Outcome == probe.GaveUp:
		return t.Bad.Render("✗ gave up") + ": longer than " + value
	case s.Outcome.Censored():
		return string(s.Outcome) + ": longer than " + value
	case s.AtMost():
		return "at most " + wording.Precise(probe.Duration(s.BracketMS[1]))
	}
	return t.Strong.Render(value) + " (bracket " + wording.Precise(probe.Duration(s.BracketMS[0])) + " to " + wording.Precise(probe.Duration(s.BracketMS[1])) + ")"
}

// statusText are the statuses that both sides showed.
func statusText(m *measurement, s probe.Sample) string {
	text := "loop check not done: origin and replica not asked"
	for i := len(m.record.Loops) - 1; i >= 0; i-- {
		if l := m.record.Loops[i]; l.Key == s.Key {
			text = fmt.Sprintf("origin %s, replica %s, %d + %d versions", cmp.Or(widget.Clean(l.Origin), "no status"), cmp.Or(widget.Clean(l.Replica), "no status"), l.OriginVersions, l.ReplicaVersions)
			if l.Content != "" {
				text += ", content " + widget.Clean(string(l.Content))
			}
			break
		}
	}
	if s.Completed != nil && s.Completed.Outcome == probe.Replicated {
		text += ", seen after " + wording.Duration(probe.Duration(s.Completed.DurationMS))
	}
	return text
}

// sampleCLI asks the other side for the sample's replica by the AWS CLI.
func sampleCLI(p pair.Pair, access account.Access, s probe.Sample) string {
	side := pair.B
	if s.Direction == pair.BtoA {
		side = pair.A
	}
	of, to := access.Of(side), p.To(s.Direction)
	words := append([]string{"--bucket", to.Bucket}, account.Given("--key", "Key", s.Key)...)
	if s.VersionID != "" {
		words = append(words, "--version-id", s.VersionID)
	}
	place := account.Clients{Profile: of.Profile, Endpoint: apierror.PublicAddress(of.Endpoint), Region: to.Region}
	return place.CLI("s3api", "head-object", words...)
}

// cursorBindings move the cursor and leave it.
func (c *charts) cursorBindings(h host.Host, m *measurement, access account.Access) []widget.Binding {
	move := func(by int) func() { return func() { c.cursor.move(m, by); c.follow(m) } }
	slower := func(longer bool) func() { return func() { c.cursor.slower(m, longer); c.follow(m) } }
	return []widget.Binding{
		widget.Bind("←→", "earlier, later", widget.Act(move(-1)), "left", "h").OrBriefly("sample"),
		widget.Bind("→", "the next sample", widget.Act(move(1)), "right", "l").AsTwin(),
		widget.Bind("↑↓", "slower, faster", widget.Act(slower(true)), "up", "k").OrBriefly("slower"),
		widget.Bind("↓", "the next faster one", widget.Act(slower(false)), "down", "j").AsTwin(),
		widget.Bind("home end", "the first sample, and the last", widget.Act(move(-len(m.record.Samples))), "home").AsMinor(),
		widget.Bind("end", "the last sample", widget.Act(move(len(m.record.Samples))), "end").AsTwin(),
		widget.Bind("c", "copy CLI", func() tea.Cmd {
			_, s, ok := c.cursor.at(m)
			if !ok {
				return nil
			}
			return h.Copy(sampleCLI(m.cfg.Pair, access, s))
		}, "c"),
		widget.Bind("esc", "no cursor", widget.Act(func() { c.cursor = cursor{} }), "esc"),
	}
}

// follow brings the sample that is picked into the part of the run that is shown.
func (c *charts) follow(m *measurement) {
	_, s, ok := c.cursor.at(m)
	if !ok || c.window == 0 {
		return
	}
	at, length := s.SinceStart(m.began), c.ends(m)
	until := c.until
	if until == 0 {
		until = length
	}
	if at > until || at < until-c.window {
		c.until = max(at+c.window/2, c.window)
	}
}

// ends is the time of the latest sample, at which a window ends that follows the run.
func (c *charts) ends(m *measurement) time.Duration {
	order := c.cursor.sorted(m)
	return m.record.Samples[order[len(order)-1]].SinceStart(m.began)
}

// cursorBinding begins to pick samples.
func (c *charts) cursorBinding(m *measurement) widget.Binding {
	reason := ""
	if len(m.record.Samples) == 0 {
		reason = "there is no sample to pick yet"
	}
	return widget.Bind("c", "cursor", widget.Act(func() {
		c.cursor = cursor{on: true}
		c.cursor.move(m, 0)
		c.follow(m)
	}), "c").OrOff(reason)
}
