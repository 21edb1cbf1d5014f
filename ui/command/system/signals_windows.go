package system

import (
	"os"
	"syscall"
)

func endingSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// ignoreClosedPipes has nothing to do: no signal comes of a closed pipe here.
func ignoreClosedPipes() {}

// whileStopped has nothing to do: no signal stops a process here.
func whileStopped(<-chan struct{}, func(), func()) {}
