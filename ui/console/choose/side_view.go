package choose

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/widget"
)

func (s *sideScreen) Draw(width, height int) []string {
	if s.profile != nil {
		return s.profile.Draw(width, height)
	}
	t := s.host.Look().Theme
	foot := s.foot(width)
	regionsHigh := 1
	if !s.inBucket { // a few buckets stay in view below
		regionsHigh = max(3, height-3-len(foot)-min(s.rows(), 3))
	}
	title := t.Title.Render(" Region for side " + string(s.name))
	if s.search.On() {
		title += "   " + s.search.Draw(t, max(4, width-22))
	}
	lines := []string{title}
	found := s.found()
	lines = append(lines, s.regions.Draw(t, len(found), 1, width, regionsHigh, !s.inBucket, func(i, width int) string {
		r := found[i]
		note := s.regionNote(r, width)
		room := max(1, min(30, width-18-ansi.StringWidth(note)-ansi.StringWidth("  ↓ more")))
		code, place := widget.Pad(r.Code, 18), widget.Pad(widget.Fit(r.Place, room-1), room)
		if i == s.regions.Selected && !s.inBucket {
			code, place = t.Selected.Render(code), t.Selected.Render(place)
		}
		return code + place + note
	})...)
	if len(found) == 0 {
		lines = append(lines, t.Muted.Render("   no region matches"))
	}
	title = t.Title.Render(" Bucket in " + widget.Clean(s.side().Region))
	if s.filter.On() {
		title += "   " + s.filter.Draw(t, max(4, width-4-ansi.StringWidth(title)))
	}
	lines = append(lines, "", title)
	room := max(1, height-len(lines)-len(foot))
	lines = append(lines, s.buckets.Draw(t, s.rows(), len(lines), width, room, s.inBucket, s.drawBucket)...)
	return append(lines, foot...)
}

// regionNote says what is to be known of a region before it is taken, or "".
func (s *sideScreen) regionNote(r account.Region, width int) string {
	t := s.host.Look().Theme
	switch {
	case s.name == pair.B && r.Code == s.host.Chosen().Pair.A.Region:
		return t.Warn.Render("! same region as A")
	case r.OptIn && width < 75:
		return t.Muted.Render("opt-in")
	case r.OptIn:
		return t.Muted.Render("opt-in: enable it first")
	}
	return ""
}

// foot is what stands below the buckets.
func (s *sideScreen) foot(width int) []string {
	t := s.host.Look().Theme
	var lines []string
	switch {
	case s.reading:
		lines = append(lines, t.Muted.Render("   listing the buckets in "+widget.Clean(s.side().Region)))
	case s.failure != "":
		lines = append(lines, widget.Hang(" "+t.Warn.Render("!")+" ", "the existing buckets can't be listed: "+widget.Clean(s.failure), width-1)...)
	}
	refusal := s.refusal
	if s.editing && refusal == "" {
		refusal = s.refuseName(s.newName.String())
	}
	if refusal != "" {
		lines = append(lines, "")
		lines = append(lines, widget.Hang(" "+t.Bad.Render("✗")+" ", widget.Clean(refusal), width-1)...)
	}
	return lines
}

func (s *sideScreen) drawBucket(i, width int) string {
	t := s.host.Look().Theme
	nameWidth := max(24, min(width/2+6, 64))
	if i == 0 {
		var name string
		if s.editing {
			name = "new: " + s.newName.Draw(t, nameWidth-6)
		} else {
			name = "new: " + widget.Clean(s.newName.String())
			if s.inBucket && s.buckets.Selected == 0 {
				name = t.Selected.Render(name)
			}
		}
		return widget.Pad(name, nameWidth) + " " + s.freeOrNot()
	}
	bucket := s.listed()[i-1]
	name, note := widget.Clean(bucket), s.describe(bucket)
	name = widget.Pad(name, nameWidth)
	if s.inBucket && i == s.buckets.Selected {
		name = t.Selected.Render(name)
	}
	return name + " " + note
}

// freeOrNot says what a glance at the new name told.
func (s *sideScreen) freeOrNot() string {
	t := s.host.Look().Theme
	name := s.newName.String()
	if s.refuseName(name) != "" {
		return t.Bad.Render("✗ not a bucket name")
	}
	note, known := s.notes[name]
	switch {
	case !known, note.looking:
		return t.Muted.Render("· looking whether it is free")
	case note.failure != "":
		return t.Warn.Render("! not known whether it is free")
	case note.found.Holder == account.Nobody:
		return t.Good.Render("✓ name is free")
	case note.found.Holder == account.Others:
		return t.Bad.Render("✗ taken, or out of reach")
	}
	return t.Accent.Render("i exists, it is yours")
}

// describe says in few words what an existing bucket is.
func (s *sideScreen) describe(name string) string {
	t := s.host.Look().Theme
	note, known := s.notes[name]
	found := note.found
	switch {
	case !known, note.looking:
		return t.Muted.Render("·")
	case note.failure != "":
		return t.Warn.Render("! ") + widget.Clean(note.failure)
	case found.Rules > 0:
		to := widget.Clean(strings.Join(found.Destinations, ", "))
		if found.Rules > len(found.Destinations) {
			to += " (" + widget.Count(found.Rules, "rule", "rules") + ")"
		}
		return "replicates to " + to
	case found.Versioning == "Enabled":
		return t.Muted.Render("versioned")
	case found.Versioning == "Suspended":
		return t.Muted.Render("versioning suspended: it will be switched on")
	}
	return t.Muted.Render("not versioned: it will be switched on")
}
