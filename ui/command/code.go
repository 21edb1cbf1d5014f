package command

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"

	"bothways/aws/account"
	"bothways/probe/wording"
)

// askCode asks for an MFA code on the terminal that the program was started
// from, wherever its input and output go. The code may be seen: it is good for
// one use only.
func (a *app) askCode(ctx context.Context) account.AskCode {
	return func(profile, device string) (string, error) {
		defer a.screen().Hold()()
		name := "/dev/tty"
		if runtime.GOOS == "windows" {
			name = "CONIN$"
		}
		tty, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			return "", account.GiveUp(fmt.Errorf("profile %s needs the code of the MFA device %s, and there is no terminal to ask for it on: "+
				"get a session with aws sts assume-role and export its keys, or run bothways on a terminal", profile, device))
		}
		defer tty.Close()
		_, _ = fmt.Fprintf(os.Stderr, "%s", wording.Visible("MFA code of "+device+" for profile "+profile+": "))
		type answer struct {
			code string
			err  error
		}
		typed := make(chan answer, 1)
		go func() {
			code, err := bufio.NewReader(tty).ReadString('\n')
			typed <- answer{code, err}
		}()
		select {
		case got := <-typed:
			if got.err != nil {
				return "", account.GiveUp(fmt.Errorf("read the MFA code: %w", got.err))
			}
			return strings.TrimSpace(got.code), nil
		case <-ctx.Done():
			return "", account.GiveUp(ctx.Err())
		}
	}
}
