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

// endingSignals are all that end a program that does not heed them, but for
// those that say that it is broken.
func endingSignals() []os.Signal {
	return []os.Signal{
		os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT,
		syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM, syscall.SIGVTALRM, syscall.SIGXCPU, syscall.SIGXFSZ,
	}
}
