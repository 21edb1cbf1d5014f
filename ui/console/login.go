package console

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/ui/console/widget"
)

// errDeclined ends what wanted a code that nobody gave.
var errDeclined = account.GiveUp(errors.New("no MFA code was given"))

// login is what somebody has to do before credentials are there: type an MFA
// code, or confirm a sign-in in a browser. It lies over every screen and takes
// every key, because what asks for it waits.
type login struct {
	app *app

	// A code that is asked for.
	profile, device string
	code            widget.Field
	answer          chan<- string // closed without one when it is declined

	// A sign-in under way.
	access  account.Access
	shown   account.DeviceCode
	cancel  context.CancelFunc
	failure string
	since   time.Time
	then    func() tea.Cmd // after it worked
}

// codeWanted is a question for an MFA code, from whatever runs in the
// background.
type codeWanted struct {
	app             *app
	profile, device string
	answer          chan<- string
}

// askCode implements account.AskCode for the goroutines of the engines.
func (a *app) askCode(profile, device string) (string, error) {
	answer := make(chan string, 1)
	select {
	case a.codes <- codeWanted{a, profile, device, answer}:
	case <-a.ctx.Done():
		return "", account.GiveUp(a.ctx.Err())
	}
	select {
	case code, given := <-answer:
		if !given {
			return "", errDeclined
		}
		return code, nil
	case <-a.ctx.Done():
		return "", account.GiveUp(a.ctx.Err())
	}
}

// awaitCodes waits for the next question for a code.
func (a *app) awaitCodes() tea.Msg {
	select {
	case wanted := <-a.codes:
		return wanted
	case <-a.ctx.Done():
		return nil
	}
}

// loggedIn is the access with a login of its own, which asks here. From the
// first one on somebody listens.
func (a *app) loggedIn(access account.Access) (account.Access, tea.Cmd) {
	if access.Sandbox || access.Credentials != nil || access.Login != nil {
		return access, nil
	}
	access.Login = account.NewLogin(a.askCode)
	if a.listening {
		return access, nil
	}
	a.listening = true
	return access, a.awaitCodes
}

// deliver implements result.
func (w codeWanted) deliver() tea.Cmd { //nolint:unparam // as every result
	a := w.app
	a.help, a.question = false, nil
	if a.login != nil { // a sign-in, which the run that asks now overtakes
		a.login.cancel()
	}
	a.login = &login{app: a, profile: w.profile, device: w.device, answer: w.answer}
	return nil // the next one is heard once this one is answered
}

// signIn signs a profile in by a browser, and then does something.
func (a *app) signIn(access account.Access, then func() tea.Cmd) tea.Cmd {
	ctx, cancel := context.WithCancel(a.ctx)
	l := &login{app: a, access: access, cancel: cancel, since: a.now(), then: then}
	a.login, a.help, a.question = l, false, nil
	shown := make(chan account.DeviceCode, 1)
	wait := a.ask("signing in", func(context.Context) result {
		defer cancel()
		defer close(shown)
		return signedIn{l, a.do.signIn(ctx, access, func(c account.DeviceCode) { shown <- c })}
	})
	hear := func() tea.Msg {
		if c, ok := <-shown; ok {
			return deviceShown{l, c}
		}
		return nil
	}
	return tea.Batch(wait, hear)
}

// deviceShown brings where a sign-in is confirmed.
type deviceShown struct {
	login *login
	code  account.DeviceCode
}

func (r deviceShown) deliver() tea.Cmd { //nolint:unparam // as every result
	r.login.shown = r.code
	return nil
}

// signedIn brings the end of a sign-in.
type signedIn struct {
	login *login
	err   error
}

func (r signedIn) deliver() tea.Cmd {
	a := r.login.app
	if a.login != r.login { // it was given up
		return nil
	}
	if r.err != nil {
		r.login.failure = apierror.Describe(r.err)
		return nil
	}
	a.login = nil
	a.say("signed in with " + r.login.access.Label())
	return r.login.then()
}

func (l *login) bindings() []widget.Binding {
	if l.answer != nil {
		give := widget.Bind("enter", "send the code", func() tea.Cmd { return l.reply(strings.TrimSpace(l.code.String())) }, "enter")
		if strings.TrimSpace(l.code.String()) == "" {
			give = give.OrOff("type the code first")
		}
		return []widget.Binding{give, widget.Bind("esc", "go without", func() tea.Cmd { return l.reply("") }, "esc")}
	}
	bindings := []widget.Binding{widget.Bind("esc", "stop waiting", widget.Act(func() {
		l.cancel()
		l.app.login = nil
	}), "esc")}
	if l.failure != "" {
		return append([]widget.Binding{widget.Bind("r", "try again", func() tea.Cmd { return l.app.signIn(l.access, l.then) }, "r")}, bindings...)
	}
	if l.shown.URL != "" {
		bindings = append(bindings, widget.Bind("c", "copy the address", func() tea.Cmd { return l.app.copy(l.shown.URL) }, "c"))
	}
	return bindings
}

// reply answers the question for a code, "" with none, and listens for the
// next one.
func (l *login) reply(code string) tea.Cmd {
	if code != "" {
		l.answer <- code
	}
	close(l.answer)
	l.app.login = nil
	return l.app.awaitCodes
}

func (l *login) typing() *widget.Field {
	if l.answer != nil {
		return &l.code
	}
	return nil
}

func (l *login) Draw(width int) []string {
	t := l.app.theme
	if l.answer != nil {
		lines := widget.Hang(" ", "Profile "+widget.Clean(l.profile)+" wants the code that its MFA device shows now:", width-1)
		lines = append(lines, widget.Hang("   ", widget.Clean(l.device), width-1)...)
		return append(lines, "", "   code  "+l.code.Draw(t, min(20, width-12)))
	}
	lines := widget.Hang(" ", "Sign in with "+widget.Clean(l.access.Label())+", in a browser on any computer:", width-1)
	lines = append(lines, "")
	switch {
	case l.failure != "":
		lines = append(lines, " "+t.Bad.Render("✗ That did not work."))
		lines = append(lines, widget.Hang("   ", widget.Clean(l.failure), width-1)...)
	case l.shown.URL == "":
		lines = append(lines, " "+t.Accent.Render(l.app.spin())+" asking for a code")
	default:
		lines = append(lines, widget.Hang("   open  ", widget.Clean(l.shown.URL), width-1)...)
		lines = append(lines, "   code  "+t.Strong.Render(widget.Clean(l.shown.Code)), "")
		lines = append(lines, widget.Hang(" "+t.Accent.Render(l.app.spin())+" ",
			"waiting for the confirmation, "+elapsed(l.app.now().Sub(l.since))+"; what runs goes on by itself afterwards", width-1)...)
	}
	return lines
}
