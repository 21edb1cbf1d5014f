package console

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/probe/wording"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// errDeclined ends what wanted a code that nobody gave.
var errDeclined = account.GiveUp(errors.New("no MFA code was given"))

// login is what somebody has to do before credentials are there: type an MFA
// code, or confirm a sign-in in a browser. It lies over every screen and takes
// every key, because what asks for it waits.
type login struct {
	app *App

	// A code that is asked for.
	profile, device string
	Code            widget.Field
	answer          chan<- string // closed without one when it is declined

	// A sign-in under way.
	Access  account.Access
	Shown   account.DeviceCode
	cancel  context.CancelFunc
	failure string
	Since   time.Time
	then    func() tea.Cmd // after it worked
}

// AskCode implements account.AskCode for the goroutines of the engines.
func (a *App) AskCode(profile, device string) (string, error) {
	answer := make(chan string, 1)
	select {
	case a.codes <- &login{app: a, profile: profile, device: device, answer: answer}:
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
func (a *App) awaitCodes() tea.Msg {
	select {
	case wanted := <-a.codes:
		return host.Result(wanted.show)
	case <-a.ctx.Done():
		return nil
	}
}

// LoggedIn is the access with a login of its own, which asks here. From the
// first one on somebody listens.
func (a *App) LoggedIn(access account.Access) (account.Access, tea.Cmd) {
	if access.Sandbox || access.Credentials != nil || access.Login != nil {
		return access, nil
	}
	access.Login = account.NewLogin(a.AskCode)
	if a.listening {
		return access, nil
	}
	a.listening = true
	return access, a.awaitCodes
}

// show brings a question for a code to the front.
func (l *login) show() tea.Cmd {
	a := l.app
	a.help, a.question = false, nil
	if a.login != nil { // a sign-in, which the run that asks now overtakes
		a.login.cancel()
	}
	a.login = l
	return nil // the next one is heard once this one is answered
}

// SignIn signs a profile in by a browser, and then does something.
func (a *App) SignIn(access account.Access, then func() tea.Cmd) tea.Cmd {
	ctx, cancel := context.WithCancel(a.ctx)
	l := &login{app: a, Access: access, cancel: cancel, Since: a.Now(), then: then}
	a.login, a.help, a.question = l, false, nil
	shown := make(chan account.DeviceCode, 1)
	wait := a.Ask("signing in", func(context.Context) host.Result {
		defer cancel()
		defer close(shown)
		err := a.do.SignIn(ctx, access, func(c account.DeviceCode) { shown <- c })
		return func() tea.Cmd { return l.signedIn(err) }
	})
	hear := func() tea.Msg {
		if c, ok := <-shown; ok {
			return host.Result(widget.Act(func() { l.Shown = c }))
		}
		return nil
	}
	return tea.Batch(wait, hear)
}

// signedIn takes the end of a sign-in.
func (l *login) signedIn(err error) tea.Cmd {
	a := l.app
	if a.login != l { // it was given up
		return nil
	}
	if err != nil {
		l.failure = apierror.Describe(err)
		return nil
	}
	a.login = nil
	a.Say("signed in with " + l.Access.Label())
	return l.then()
}

func (l *login) Bindings() []widget.Binding {
	if l.answer != nil {
		give := widget.Bind("enter", "send the code", func() tea.Cmd { return l.reply(strings.TrimSpace(l.Code.String())) }, "enter")
		if strings.TrimSpace(l.Code.String()) == "" {
			give = give.OrOff("type the code first")
		}
		return []widget.Binding{give, widget.Bind("esc", "go without", func() tea.Cmd { return l.reply("") }, "esc")}
	}
	bindings := []widget.Binding{widget.Bind("esc", "stop waiting", widget.Act(func() {
		l.cancel()
		l.app.login = nil
	}), "esc")}
	if l.failure != "" {
		return append([]widget.Binding{widget.Bind("r", "try again", func() tea.Cmd { return l.app.SignIn(l.Access, l.then) }, "r")}, bindings...)
	}
	if l.Shown.URL != "" {
		bindings = append(bindings, widget.Bind("c", "copy the address", func() tea.Cmd { return l.app.Copy(l.Shown.URL) }, "c"))
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

func (l *login) Typing() *widget.Field {
	if l.answer != nil {
		return &l.Code
	}
	return nil
}

func (l *login) Draw(width int) []string {
	t := l.app.theme
	if l.answer != nil {
		lines := widget.Hang(" ", "Profile "+widget.Clean(l.profile)+" wants the code that its MFA device shows now:", width-1)
		lines = append(lines, widget.Hang("   ", widget.Clean(l.device), width-1)...)
		return append(lines, "", "   code  "+l.Code.Draw(t, min(20, width-12)))
	}
	lines := widget.Hang(" ", "Sign in with "+widget.Clean(l.Access.Label())+", in a browser on any computer:", width-1)
	lines = append(lines, "")
	switch {
	case l.failure != "":
		lines = append(lines, " "+t.Bad.Render("✗ That did not work."))
		lines = append(lines, widget.Hang("   ", widget.Clean(l.failure), width-1)...)
	case l.Shown.URL == "":
		lines = append(lines, " "+t.Accent.Render(l.app.spin())+" asking for a code")
	default:
		lines = append(lines, widget.Hang("   open  ", widget.Clean(l.Shown.URL), width-1)...)
		lines = append(lines, "   code  "+t.Strong.Render(widget.Clean(l.Shown.Code)), "")
		lines = append(lines, widget.Hang(" "+t.Accent.Render(l.app.spin())+" ",
			"waiting for the confirmation, "+wording.Duration(l.app.Now().Sub(l.Since))+"; what runs goes on by itself afterwards", width-1)...)
	}
	return lines
}
