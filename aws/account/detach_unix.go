//go:build !windows

package account

import (
	"os/exec"
	"syscall"
)

// detach keeps a program off the terminal, which it could open by itself, and
// ends what it started together with it.
func detach(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
