//go:build unix

package system

import (
	"os"
	"os/signal"
	"syscall"
)

// ignoreClosedPipes makes a write into a closed pipe an ordinary error, so
// that a reader who leaves early, such as head, does not kill a run before it
// has cleaned up.
func ignoreClosedPipes() { signal.Ignore(syscall.SIGPIPE) }

// endingSignals are all that end a program that does not heed them, as far as
// they can be heeded.
func endingSignals() []os.Signal {
	return []os.Signal{
		os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGTRAP,
		syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGVTALRM, syscall.SIGXCPU, syscall.SIGXFSZ,
	}
}

// whileStopped lets the terminal be another's while a signal has the process
// stopped, until done.
func whileStopped(done <-chan struct{}, giveBack, takeBack func()) {
	if signal.Ignored(syscall.SIGTSTP) {
		return
	}
	stops, goesOn := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(stops, syscall.SIGTSTP)
	go func() {
		defer signal.Stop(stops)
		for {
			select {
			case <-stops:
			case <-done:
				return
			}
			giveBack()
			signal.Notify(goesOn, syscall.SIGCONT)
			_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP) // what was caught stops nobody
			<-goesOn
			signal.Stop(goesOn)
			takeBack()
		}
	}()
}
