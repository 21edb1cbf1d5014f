package account

import (
	"os/exec"
	"syscall"
)

// detach keeps a program off the console, which it could open by itself.
func detach(cmd *exec.Cmd) {
	const noWindow = 0x08000000 // CREATE_NO_WINDOW
	cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true, CreationFlags: noWindow}
}
