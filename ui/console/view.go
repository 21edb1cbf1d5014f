package console

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// View implements tea.Model. It is called after every message, so the frame
// is rebuilt only when something changed.
func (a *App) View() tea.View {
	if a.dirty && a.crash == nil {
		a.dirty = false
		a.crash, _ = host.Guard("drawing the screen", func() error {
			a.frame = a.build()
			return nil
		})
		if a.crash != nil {
			a.abort()
		}
	}
	return a.frame
}

func (a *App) build() tea.View {
	lines := a.lines()
	for i, line := range lines {
		lines[i] = widget.Fit(line, a.layout.width)
		if a.cfg.ASCII {
			lines[i] = widget.ASCIIOf(widget.Fit(widget.ASCIIOf(lines[i]), a.layout.width)) // the cut, too
		}
	}
	content := strings.Join(lines[:min(len(lines), a.layout.height)], "\n")
	view := tea.NewView(content)
	view.AltScreen = true
	view.ReportFocus = true
	view.WindowTitle = "bothways: " + a.front.Title()
	if said := a.screens[a.front].Title(); said != "" {
		view.WindowTitle += ", " + widget.Clean(said)
	}
	if a.mouse {
		view.MouseMode = tea.MouseModeCellMotion
	}
	// Terminals without one may take the sequence for a notification.
	if done, all := a.progress(); all > 0 && a.showsBar {
		state := tea.ProgressBarDefault
		if slices.ContainsFunc(a.inOrder(), host.Screen.Alarmed) {
			state = tea.ProgressBarError
		}
		view.ProgressBar = tea.NewProgressBar(state, 100*done/all)
	}
	return view
}

// progress is the fraction of what is running that is done, where there is a
// true one.
func (a *App) progress() (done, all int) {
	for _, s := range a.inOrder() {
		if done, all := s.Progress(); all > 0 {
			return done, all
		}
	}
	return 0, 0
}

// lines are the frame's lines, before they are cut to the width.
func (a *App) lines() []string {
	l := a.layout
	if l.small {
		return a.tooSmall()
	}
	header, named := a.header()
	lines := []string{header}
	if l.rail {
		lines = append(lines, a.rail())
	}
	rule := a.theme.Rule.Render(widget.Dashes(l.width))
	lines = append(append(lines, a.ruleNaming(named)), a.openLines()...)
	var body []string
	switch {
	case a.help:
		body = a.helpPane.Draw(a.theme, a.helpLines(), 0, a.bodyHeight())
	case a.login != nil:
		body = a.login.Draw(l.width)
	case a.palette != nil:
		body = a.drawPalette(l.width, a.bodyHeight())
	default:
		body = a.screens[a.front].Draw(l.width, a.bodyHeight())
	}
	for i := range a.bodyHeight() {
		if i < len(body) {
			lines = append(lines, body[i])
		} else {
			lines = append(lines, "")
		}
	}
	lines = append(lines, rule)
	lines = append(lines, a.saidByDemo()...)
	lines = append(lines, a.noticeLines()...)
	lines = append(lines, a.askingLines()...)
	return append(lines, a.footer())
}

// tooSmall says which size is needed; everything that runs goes on.
func (a *App) tooSmall() []string {
	if a.question != nil {
		return widget.Wrap(widget.Clean(a.question.Ask())+ansi.Strip(a.question.Keys(a.theme.Key.Render, a.theme.Strong.Render)), a.layout.width)
	}
	lines := widget.Wrap("bothways needs at least 60 x 16 characters. Make the terminal larger; what is running goes on. q quits, other keys do nothing here.", a.layout.width)
	return lines[:min(len(lines), a.layout.height)]
}

// ruleNaming is the rule below the header. It names who asks where the header had
// no room for that: whose account is meant stands on every screen.
func (a *App) ruleNaming(named bool) string {
	t, width := a.theme, a.layout.width
	who := a.who()
	if named || who == nil {
		return t.Rule.Render(widget.Dashes(width))
	}
	said := a.Whose(briefName)
	for _, form := range append(who, a.Account()) {
		if ansi.StringWidth(form) <= width-8 {
			said = form
			break
		}
	}
	said = " " + widget.Fit(said, width-8) + " "
	return t.Rule.Render(widget.Dashes(width-ansi.StringWidth(said)-2)) + t.Muted.Render(said) + t.Rule.Render(widget.Dashes(2))
}

// who are forms of who asks, the longest first; none where there is nobody to name.
func (a *App) who() []string {
	subject := a.front.Subject()
	if !a.Open || a.Access.Sandbox || subject == host.Others || subject == host.Earlier {
		return nil
	}
	short := widget.Clean(a.Access.Label() + ", account " + a.Identity.Account)
	if b := a.Access.Other; b != nil {
		long := "A " + short + "; B " + widget.Clean(b.Label()+", account "+a.IdentityB.Account)
		return []string{long, a.Account()}
	}
	return []string{short + widget.Clean(", "+a.Identity.Name()), short}
}

// briefName is how many columns of a profile's name the briefest form on the rule
// has: two of them fit the narrowest terminal, with their accounts.
const briefName = 6

// header is the product, the sandbox's mark, the sides, and where you are, and
// whether it names who asks. What does not fit gives way, the mark of what is not
// AWS last of all.
func (a *App) header() (line string, named bool) {
	t := a.theme
	left := " " + t.Product.Render("bothways")
	earlier := a.front.Subject() == host.Earlier
	switch {
	case earlier:
		left += "  " + t.Badge.Render(" EARLIER RUN ")
	case a.Open && a.Access.Sandbox:
		left += "  " + t.Badge.Render(" SANDBOX ") + " " + t.Warn.Render(simulated(a.Access, a.layout.width))
	}
	if a.cfg.ReadOnly {
		left += "  " + t.Badge.Render(" READ-ONLY ")
	}
	if !earlier && a.Open && !a.Access.Sandbox && a.Identity.Endpoint != "" {
		left += "  " + t.Badge.Render(" "+notAWS(a.Identity.Endpoint, a.layout.width-ansi.StringWidth(left)-18)+" ")
	}
	right := t.Strong.Render(a.front.Title()) + " "
	if n := a.front.Number(); n > 0 && !a.layout.rail {
		right = t.Muted.Render(fmt.Sprintf("%d/%d ", n, len(host.Rail()))) + right
	}
	room := a.layout.width - ansi.StringWidth(left) - ansi.StringWidth(right) - 2
	for _, middle := range a.middles() {
		if ansi.StringWidth(middle.text) <= room {
			left, named = left+middle.text, middle.named
			break
		}
	}
	return widget.Spread(left, right, a.layout.width), named
}

// notAWS marks an endpoint of somebody else's; a long address is cut, the
// words are not.
func notAWS(endpoint string, width int) string {
	const not = ", not AWS"
	text := "endpoint " + widget.Clean(endpoint)
	if ansi.StringWidth(text+not) > width {
		text = widget.Fit(strings.TrimPrefix(widget.Clean(endpoint), "http://"), max(1, width-len(not)))
	}
	return text + not
}

// withLaw is the width from which on the header has room for the law of the
// sandbox's delays.
const withLaw = 120

// simulated says briefly what the sandbox's numbers are.
func simulated(access account.Access, width int) string {
	said := "simulated distances"
	if name, _, _ := strings.Cut(access.Delays, ":"); name != "" && width >= withLaw {
		said += ", delays: " + widget.Clean(name)
	}
	if access.TimeScale != 0 && access.TimeScale != 1 {
		said += fmt.Sprintf(", %g times as fast", access.TimeScale)
	}
	return said
}

// middle is a form of the header's middle.
type middle struct {
	text  string
	named bool // it names who asks
}

// middles are forms of the header's middle, the longest first.
func (a *App) middles() []middle {
	t, p := a.theme, a.Pair
	subject := a.front.Subject()
	if subject == host.Others || subject == host.Earlier {
		return nil
	}
	var who []string
	for _, form := range a.who() {
		who = append(who, "  "+t.Muted.Render(form))
	}
	var all []middle
	if subject == host.Sides {
		both := t.Muted.Render("⇄")
		side := func(name pair.SideName, s pair.Side, bucket bool) string {
			text := t.Strong.Render(string(name)) + " " + widget.Clean(s.Region)
			if bucket {
				text += " " + t.Muted.Render(widget.Clean(s.Bucket))
			}
			return text
		}
		full := "  " + side(pair.A, p.A, true) + "  " + both + "  " + side(pair.B, p.B, true)
		plain := "  " + side(pair.A, p.A, false) + " " + both + " " + side(pair.B, p.B, false)
		short := "  " + widget.Clean(p.A.Region) + " " + both + " " + widget.Clean(p.B.Region)
		for _, sides := range []string{full, plain} {
			for _, form := range who {
				all = append(all, middle{sides + form, true})
			}
		}
		for _, sides := range []string{full, plain, short} {
			all = append(all, middle{sides, false})
		}
	}
	for _, form := range who {
		all = append(all, middle{form, true})
	}
	return all
}

// spin is the symbol of what is running now.
func (a *App) spin() string {
	if a.cfg.NoAnimation {
		return widget.Spin(0)
	}
	return widget.Spin(a.ticks)
}
