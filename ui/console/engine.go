package console

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/session"
	"bothways/ui/console/host"
)

// Start runs an engine in a goroutine of its own. Its events are handed to take
// in batches.
func (a *App) Start(doing string, gap time.Duration, do host.Work, take func(host.Batch) tea.Cmd) (*host.Run, tea.Cmd) {
	ctx, cancel := context.WithCancel(a.ctx)
	r := &host.Run{Stream: host.NewStream(gap), Doing: doing, Cancel: cancel, Take: take, Access: a.Access}
	a.runs = append(a.runs, r)
	ended := a.cfg.Working()
	go func() {
		defer ended()
		defer cancel()
		r.End(host.Guard(doing, func() error { return do(ctx, r.Emit) }))
	}()
	return r, r.Listen
}

// follow hands a batch to the screen that started the run.
func (a *App) follow(b host.Batch) tea.Cmd {
	for _, e := range b.Events {
		switch e := e.(type) {
		case session.Recording:
			b.Run.Path = e.Path
			a.heed(e)
		case session.LockNote:
			a.Say(e.String())
		}
	}
	if b.Ended {
		a.forget(b.Run)
	}
	if b.Crash != nil {
		a.crash = b.Crash
		return tea.Quit
	}
	cmd := b.Run.Take(b)
	if b.Ended && a.opens.stale { // what ended may have left a drill open, or taken one back
		cmd = tea.Batch(cmd, a.lookForOpens())
	}
	if b.Ended && b.Run.After != nil && !a.quitting {
		cmd = tea.Batch(cmd, b.Run.After())
	}
	switch {
	case !b.Ended:
		return tea.Batch(cmd, b.Run.Listen)
	case a.quitting && len(a.runs) == 0:
		return tea.Sequence(cmd, tea.Quit)
	}
	return cmd
}

// heed warns of a journal that is not there, or breaks off. A missing one is
// told of once: the next run's would be missing for the same reason.
func (a *App) heed(told session.Recording) {
	switch {
	case told.Err == nil:
	case told.Path != "":
		a.Incomplete[told.Path] = told.Err
		a.Say("the run's record is incomplete from here on: " + told.Err.Error())
	case !a.warnedJournal:
		a.warnedJournal = true
		a.Say("no journal, the run is kept in memory only: " + told.Err.Error())
	}
}

func (a *App) forget(r *host.Run) {
	for i, other := range a.runs {
		if other == r {
			a.runs = append(a.runs[:i:i], a.runs[i+1:]...)
			return
		}
	}
}

func (a *App) stopRuns() {
	if l := a.login; l != nil { // what waits for it ends, too
		a.login = nil
		if l.answer != nil {
			close(l.answer)
		} else {
			l.cancel()
		}
	}
	for _, r := range a.runs {
		r.Cancel()
	}
}

// awaitRuns waits for the cancelled runs' ends, at most so long in all.
func (a *App) awaitRuns(most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for _, r := range a.runs {
		select {
		case <-r.Over:
		case <-timer.C:
			return
		}
	}
}

// awaitRestored waits until runs have put back what they changed, unless somebody
// said not to. Whoever ends the program meanwhile leaves it open.
func (a *App) awaitRestored(tell func(string)) {
	if r := a.restores(); r == nil || a.abandoned {
		return
	}
	if tell != nil {
		tell("Putting back what the drill changed, which may take a minute. Ctrl-C leaves it open; bothways drill undo takes it back then.")
	}
	for _, r := range a.runs {
		if r.Restores {
			<-r.Over
		}
	}
}

// Ask makes a command of a question to the outside. Its answer comes back as
// a result; a panic ends the console in order.
func (a *App) Ask(doing string, question func(ctx context.Context) host.Result) tea.Cmd {
	ctx := a.ctx
	return func() tea.Msg {
		var answer host.Result
		crash, _ := host.Guard(doing, func() error {
			answer = question(ctx)
			return nil
		})
		if crash != nil {
			return host.Result(func() tea.Cmd {
				a.crash = crash
				return tea.Quit
			})
		}
		return answer
	}
}
