package system

import (
	"context"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// Signals come in bursts that nobody decided on twice: only a Ctrl-C a while
// after the first signal ends hard, and it gives the terminal back first.
func TestOnlyADeliberateCtrlCEndsHard(t *testing.T) {
	const hup, term, quit = syscall.SIGHUP, syscall.SIGTERM, syscall.SIGQUIT
	for name, c := range map[string]struct {
		signals []os.Signal
		apart   time.Duration
		hard    bool
		code    int
	}{
		"once":                         {[]os.Signal{os.Interrupt}, 0, false, 130},
		"a closed terminal":            {[]os.Signal{hup, hup}, 1400 * time.Microsecond, false, 129},
		"timeout's two":                {[]os.Signal{term, term}, time.Millisecond, false, 143},
		"a group's interrupts":         {[]os.Signal{os.Interrupt, os.Interrupt, os.Interrupt}, time.Millisecond, false, 130},
		"a mixed burst":                {[]os.Signal{hup, term, os.Interrupt, quit, os.Interrupt, hup}, 5 * time.Millisecond, false, 129},
		"asked again by a supervisor":  {[]os.Signal{term, term, hup, quit}, 5 * time.Second, false, 143},
		"Ctrl-C after a while":         {[]os.Signal{os.Interrupt, os.Interrupt}, 2 * time.Second, true, 130},
		"Ctrl-C after a supervisor's":  {[]os.Signal{term, os.Interrupt}, 2 * time.Second, true, 130},
		"Ctrl-C after a burst of them": {[]os.Signal{os.Interrupt, os.Interrupt, os.Interrupt}, 300 * time.Millisecond, true, 130},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				incoming := make(chan os.Signal)
				gaveBack, ended := false, 0
				ctx, s := heed(t.Context(), incoming, func(code int) {
					if !gaveBack {
						t.Error("the terminal was not given back")
					}
					ended = code
				})
				defer s.Stop()
				s.Terminal(func() { gaveBack = true }, func() {})
				for _, signal := range c.signals {
					incoming <- signal
					time.Sleep(c.apart)
				}
				synctest.Wait()
				if !EndedBySignal(ctx) {
					t.Error("the run was not ended")
				}
				code, _ := s.ExitCode()
				if c.hard {
					code = ended
				}
				if code != c.code || (ended != 0) != c.hard {
					t.Errorf("exit code %d, want %d; ended hard with %d", code, c.code, ended)
				}
			})
		})
	}
}

func TestATerminalThatIsGoneCannotHoldTheEndUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		incoming, gone := make(chan os.Signal), make(chan struct{})
		ended := make(chan int, 1)
		_, s := heed(context.Background(), incoming, func(code int) { ended <- code })
		defer s.Stop()
		s.Terminal(func() { <-gone }, func() {})
		start := time.Now()
		incoming <- os.Interrupt
		time.Sleep(time.Second)
		incoming <- os.Interrupt
		if code := <-ended; code != 130 || time.Since(start) > 3*time.Second {
			t.Errorf("it ended with %d after %s", code, time.Since(start))
		}
		close(gone)
	})
}

// What a command forgives stays an ordinary end when the same signal comes more
// than once.
func TestAForgivenEndIsForgivenWithItsBurst(t *testing.T) {
	for end, forgiven := range map[os.Signal]bool{os.Interrupt: true, syscall.SIGTERM: true, syscall.SIGHUP: false} {
		synctest.Test(t, func(t *testing.T) {
			incoming := make(chan os.Signal)
			_, s := heed(t.Context(), incoming, func(int) { t.Error("it ended hard") })
			defer s.Stop()
			incoming <- end
			synctest.Wait()
			s.Forgive()
			incoming <- end
			synctest.Wait()
			if code, ok := s.ExitCode(); ok == forgiven {
				t.Errorf("%s: exit code %d", end, code)
			}
		})
	}
}
