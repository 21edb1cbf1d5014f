package page

import (
	"fmt"
	"html"
	"math"
	"strings"

	"bothways/aws/drill/evidence/figures"
	"bothways/aws/drill/record"
	"bothways/probe/wording"
)

// A drawing is wide enough for a page; its texts are at least as large as the
// smallest of the page once it is printed.
const (
	drawingWidth = 900.0
	leftMargin   = 130.0
	rightMargin  = 20.0
	bottomMargin = 34.0
)

// canvas collects the elements of an SVG. Its colours are classes of the page's
// style, so that they change with it.
type canvas struct {
	strings.Builder
	height float64
	lastMS float64
}

func (c *canvas) x(ms float64) float64 {
	if c.lastMS <= 0 {
		return leftMargin
	}
	return leftMargin + (drawingWidth-leftMargin-rightMargin)*ms/c.lastMS
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(c, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, class, x1, y1, x2, y2)
}

func (c *canvas) text(class, anchor string, x, y float64, text string) {
	fmt.Fprintf(c, `<text class="%s" text-anchor="%s" x="%.1f" y="%.1f">%s</text>`, class, anchor, x, y, html.EscapeString(wording.Visible(text)))
}

func (c *canvas) svg(title, description string) string {
	return fmt.Sprintf(`<svg viewBox="0 0 %.0f %.0f" role="img" aria-label="%s"><title>%s</title>%s</svg>`,
		drawingWidth, c.height, html.EscapeString(wording.Visible(description)), html.EscapeString(wording.Visible(title)), c.String())
}

// clock draws the axis of time at the bottom.
func (c *canvas) clock() {
	bottom := c.height - bottomMargin
	c.line("axis", leftMargin, bottom, drawingWidth-rightMargin, bottom)
	each := step(c.lastMS)
	const most = 12 // ticks: about nine are wanted
	for i := range most {
		ms := float64(i) * each
		if ms > c.lastMS {
			break
		}
		c.line("grid", c.x(ms), 8, c.x(ms), bottom)
		c.text("tick", "middle", c.x(ms), bottom+18, axisTime(ms))
	}
}

func axisTime(ms float64) string {
	s := int(math.Round(ms / 1000))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// step is the time between two ticks: about eight of them.
func step(span float64) float64 {
	for _, s := range []float64{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400} {
		if span/(s*1000) <= 9 {
			return s * 1000
		}
	}
	return math.Max(span/8, 1)
}

// phasesSVG draws when each state lasted.
func phasesSVG(r figures.Report) string {
	last := 0.0
	if r.Drill.LengthMS != nil {
		last = *r.Drill.LengthMS
	}
	const row = 22.0
	states := []figures.StateTimes{}
	for _, s := range r.Execution.States {
		if s.EnteredMS != nil || s.ReachedMS != nil {
			states = append(states, s)
		}
	}
	c := &canvas{height: 14 + row*float64(len(states)) + bottomMargin, lastMS: last}
	c.clock()
	if b, e := r.Results.Fault.BeginsMS, r.Results.Fault.EndsMS; b != nil {
		end := last
		if e != nil {
			end = *e
		}
		fmt.Fprintf(c, `<rect class="fault" x="%.1f" y="8" width="%.1f" height="%.1f"/>`, c.x(*b), math.Max(c.x(end)-c.x(*b), 1), c.height-bottomMargin-8)
	}
	for i, s := range states {
		y := 12 + row*float64(i)
		from, to := 0.0, last
		if s.EnteredMS != nil {
			from = *s.EnteredMS
		}
		class := "bar open"
		if s.ReachedMS != nil {
			to, class = *s.ReachedMS, "bar"
		}
		c.text("name", "end", leftMargin-8, y+row*.68, strings.ReplaceAll(string(s.State), "_", " "))
		fmt.Fprintf(c, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, class, c.x(from), y+3, math.Max(c.x(to)-c.x(from), 2), row-6)
	}
	return c.svg("Time line of the drill's states", "when each state was entered and reached, in minutes and seconds from the canaries' start")
}

// agesSVG draws the age of the oldest missing write of each direction, a panel
// each, from what is certain to what is possible.
func agesSVG(r figures.Report) string {
	const panel = 150.0
	last, most := 0.0, 0.0
	for _, curve := range r.Results.Backlog {
		for _, p := range curve.Points {
			last, most = math.Max(last, p.MS), math.Max(most, p.HighMS)
		}
	}
	goal := r.Plan.RPOTargetMS
	if goal != nil && *goal < 4*most {
		most = math.Max(most, *goal*1.05)
	}
	most = math.Max(most, 1)
	c := &canvas{height: panel*float64(len(r.Results.Backlog)) + bottomMargin, lastMS: last}
	c.clock()
	for i, curve := range r.Results.Backlog {
		bottom := panel * float64(i+1)
		height := panel - 26
		y := func(ms float64) float64 { return bottom - height*math.Min(ms/most, 1) }
		c.line("axis", leftMargin, bottom, drawingWidth-rightMargin, bottom)
		c.text("name", "start", leftMargin+4, bottom-height-6, curve.Direction.Arrow())
		c.text("tick", "end", leftMargin-8, y(most)+4, length(most))
		c.text("tick", "end", leftMargin-8, bottom+4, "0")
		var upper, lower, low strings.Builder
		for j, p := range curve.Points {
			command := "L"
			if j == 0 {
				command = "M"
			}
			fmt.Fprintf(&upper, "%s%.1f %.1f", command, c.x(p.MS), y(p.HighMS))
			fmt.Fprintf(&low, "%s%.1f %.1f", command, c.x(p.MS), y(p.LowMS))
		}
		for j := len(curve.Points) - 1; j >= 0; j-- {
			fmt.Fprintf(&lower, "L%.1f %.1f", c.x(curve.Points[j].MS), y(curve.Points[j].LowMS))
		}
		fmt.Fprintf(c, `<path class="band s%d" d="%s%sZ"/>`, i, upper.String(), lower.String())
		fmt.Fprintf(c, `<path class="curve l%d" d="%s"/>`, i, low.String())
		switch {
		case goal == nil:
		case *goal <= most:
			c.line("target", leftMargin, y(*goal), drawingWidth-rightMargin, y(*goal))
			c.text("tick", "end", drawingWidth-rightMargin-4, y(*goal)-5, "target "+length(*goal))
		default:
			c.text("tick", "end", drawingWidth-rightMargin-4, bottom-height-6, "target "+length(*goal)+", above this")
		}
	}
	for _, at := range r.Execution.Instants {
		if at.SinceStartMS <= 0 || at.Direction != nil {
			continue
		}
		c.line("mark", c.x(at.SinceStartMS), 20, c.x(at.SinceStartMS), c.height-bottomMargin)
		if at.What == record.TheCut {
			c.text("tick", "start", c.x(at.SinceStartMS)+3, 14, "cut")
		}
	}
	return c.svg("Age of the oldest missing write", "per direction, how old the oldest write was that the other side lacked, over time; the table of the loss has the figures at the cut")
}
