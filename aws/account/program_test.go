//go:build unix

package account_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"bothways/aws/account"
	"bothways/aws/apierror"
)

// byProgram is an access to a profile of a program of sh.
func byProgram(t *testing.T, script string) (account.Access, string) {
	t.Helper()
	home := settled(t, "[profile x]\ncredential_process = exec sh HOME/.aws/program\n", "")
	if err := os.WriteFile(filepath.Join(home, ".aws", "program"), []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return account.Access{Profile: "x"}, home
}

// elsewhere lends this process's standard input and error to nobody but the
// files that it returns.
func elsewhere(t *testing.T) (input, errors *os.File) {
	t.Helper()
	open := func(name, text string) *os.File {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		return file
	}
	input, errors = open("input", "keys that are pressed"), open("errors", "")
	stdin, stderr := os.Stdin, os.Stderr
	t.Cleanup(func() { os.Stdin, os.Stderr = stdin, stderr })
	os.Stdin, os.Stderr = input, errors
	return input, errors
}

func TestAProgramForCredentialsHasNoTerminal(t *testing.T) {
	access, home := byProgram(t, `echo one >&2; echo two >&2
cat > "$HOME/heard"; (cat < /dev/tty) >> "$HOME/heard" 2> "$HOME/tty" || true
echo '{"Version":1,"AccessKeyId":"PROGRAM","SecretAccessKey":"s"}'
`)
	_, errors := elsewhere(t)
	asked, err := identified(t, access)
	if err != nil || len(asked) != 1 || !strings.HasSuffix(asked[0], "by PROGRAM") {
		t.Fatalf("asked is %q, %v", asked, err)
	}
	for path, about := range map[string]string{filepath.Join(home, "heard"): "it heard", errors.Name(): "it said"} {
		if text, err := os.ReadFile(path); err != nil || len(text) > 0 {
			t.Errorf("%s %q, %v", about, text, err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(home, "tty")); err != nil || len(text) == 0 {
		t.Errorf("it could open the terminal: %q, %v", text, err)
	}
}

func TestAProgramThatFailsIsQuotedShortAndCleanAndNeverItsOutput(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		says   []string
		hides  []string
	}{
		"an exit code": {
			`echo 'hush' ; echo 'not logged in' >&2; echo 'try again' >&2; exit 3`,
			[]string{"credential_process failed (exit status 3)", "saying: not logged in try again", "no terminal"},
			[]string{"hush"},
		},
		"colours and cursors": {
			`printf '\033[31mred\033[0m \033]0;title\007\r\bnot\tlogged\342\200\256 in\377\n' >&2; exit 1`,
			[]string{"saying: red not logged in."},
			[]string{"\x1b", "[31m", "title", "\u202e", "\r", "\b"},
		},
		"many words": {`yes 0123456789 | head -c 100000 >&2; exit 1`, []string{"0123456789 0123456789", "…"}, nil},
		"keys among its words": {
			`echo 'aws_secret_access_key = hush AKIAHUSHHUSHHUSH' >&2; exit 1`, []string{"[redacted]"}, []string{"hush", "AKIAHUSH"},
		},
		"a secret key and a token by themselves": {
			`echo 'denied for wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY and FwoGZXIvYXdzEJr//////////wEaDKhushhushhushhushhush==' >&2; exit 1`,
			[]string{"saying: denied for [redacted] and [redacted]"},
			[]string{"wJalr", "hush"},
		},
		"no JSON":        {`echo 'hush'`, []string{"printed no JSON"}, []string{"hush"}},
		"half of a JSON": {`echo '{"Version":1,"SecretAccessKey":"hush'`, []string{"printed no JSON"}, []string{"hush"}},
		"a wrong type":   {`echo '{"Version":"hush"}'`, []string{"printed no JSON"}, []string{"hush"}},
		"no version":     {`echo '{"AccessKeyId":"hush","SecretAccessKey":"hush"}'`, []string{"lacks Version 1"}, []string{"hush"}},
		"no key":         {`echo '{"Version":1,"SecretAccessKey":"hush"}'`, []string{"lacks Version 1, AccessKeyId"}, []string{"hush"}},
		"no output":      {`echo 'sign in first' >&2`, []string{"printed no JSON", "saying: sign in first"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			access, _ := byProgram(t, c.script)
			_, errors := elsewhere(t)
			_, err := identified(t, access)
			if err == nil {
				t.Fatal("it works")
			}
			for _, said := range []string{err.Error(), apierror.Describe(err)} {
				for _, words := range c.says {
					if !strings.Contains(said, words) {
						t.Errorf("%q does not say %q", said, words)
					}
				}
				for _, words := range c.hides {
					if strings.Contains(said, words) {
						t.Errorf("%q says %q", said, words)
					}
				}
				if len(said) > 1000 {
					t.Errorf("it says %d bytes", len(said))
				}
			}
			if text, err := os.ReadFile(errors.Name()); err != nil || len(text) > 0 {
				t.Errorf("on standard error are %q, %v", text, err)
			}
		})
	}
}

func TestAProgramMayLeaveAnotherBehindThatHoldsItsStandardError(t *testing.T) {
	access, home := byProgram(t, `(exec cat "$HOME/end" > /dev/null < /dev/null) &
echo '{"Version":1,"AccessKeyId":"PROGRAM","SecretAccessKey":"s"}'
`)
	if err := syscall.Mkfifo(filepath.Join(home, "end"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		end, err := os.OpenFile(filepath.Join(home, "end"), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_ = end.Close()
	})
	asked, err := identified(t, access)
	if err != nil || len(asked) != 1 {
		t.Errorf("asked is %q, %v", asked, err)
	}
}

func TestAProgramThatIsNotThereIsNamedByTheShell(t *testing.T) {
	settled(t, "[profile x]\ncredential_process = /nowhere/program\n", "")
	if _, err := identified(t, account.Access{Profile: "x"}); err == nil || !strings.Contains(err.Error(), "/nowhere/program") {
		t.Errorf("it says %v", err)
	}
}

// The line of a credential_process is run as it is written: its quotes hold
// words together, and a # in them begins no comment.
func TestTheLineOfAProgramIsRunAsItIsWritten(t *testing.T) {
	for _, line := range []string{
		`"HOME/my dir/get it.sh"`,
		`'HOME/my dir/get it.sh'`,
		`"HOME/my dir/get it.sh" --arg "a b"`,
		`sh "HOME/my dir/get it.sh" "a # b" 'last'`,
		`HOME/my\ dir/get\ it.sh "last quoted"`,
	} {
		t.Run(line, func(t *testing.T) {
			home := settled(t, "[profile x]\ncredential_process = "+line+"\nregion = eu-west-1\n", "")
			folder := filepath.Join(home, "my dir")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			script := "#!/bin/sh\necho '{\"Version\":1,\"AccessKeyId\":\"PROGRAM\",\"SecretAccessKey\":\"s\"}'\n"
			if err := os.WriteFile(filepath.Join(folder, "get it.sh"), []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			asked, err := identified(t, account.Access{Profile: "x"})
			if err != nil || len(asked) != 1 || !strings.HasSuffix(asked[0], "by PROGRAM") {
				t.Errorf("asked is %q, %v", asked, err)
			}
		})
	}
}

// Whoever prints without end neither fills the memory nor goes on by itself.
func TestAProgramThatPrintsTooMuchIsEnded(t *testing.T) {
	access, home := byProgram(t, `trap '' PIPE; echo $$ > "$HOME/pid"; while :; do echo 0123456789012345678901234567890123456789; done`)
	elsewhere(t)
	_, err := identified(t, access)
	if err == nil || !strings.Contains(err.Error(), "credential_process printed more than 64 KiB") || strings.Contains(err.Error(), "0123456789") {
		t.Errorf("it says %v", err)
	}
	ended(t, filepath.Join(home, "pid"))
}

// Whoever gives up waiting for a program does not leave it behind, and whoever
// still waits gets its keys.
func TestAProgramEndsWithTheLastWhoWaitsForIt(t *testing.T) {
	for name, chain := range map[string]string{"by itself": "", "behind a role": "role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = y\n[profile y]\n"} {
		t.Run(name, func(t *testing.T) {
			home := settled(t, "[profile x]\n"+chain+"credential_process = exec sh HOME/.aws/program\n", "")
			elsewhere(t)
			script := `echo $$ > "$HOME/pid.new"; mv "$HOME/pid.new" "$HOME/pid"; read go < "$HOME/go"; echo '{"Version":1,"AccessKeyId":"PROGRAM","SecretAccessKey":"s"}'`
			if err := os.WriteFile(filepath.Join(home, ".aws", "program"), []byte(script), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := syscall.Mkfifo(filepath.Join(home, "go"), 0o600); err != nil {
				t.Fatal(err)
			}
			asked := &services{}
			clients, err := account.Access{Profile: "x", HTTPClient: &http.Client{Transport: asked}}.Open(t.Context(), "eu-west-1")
			if err != nil {
				t.Fatal(err)
			}
			started := func() {
				for {
					if _, err := os.Stat(filepath.Join(home, "pid")); err == nil {
						return
					}
					runtime.Gosched()
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error)
			go func() { _, err := clients.Identify(ctx); failed <- err }()
			started()
			cancel()
			if err := <-failed; !errors.Is(err, context.Canceled) {
				t.Errorf("the one who gave up hears %v", err)
			}
			ended(t, filepath.Join(home, "pid"))

			if err := os.Remove(filepath.Join(home, "pid")); err != nil {
				t.Fatal(err)
			}
			ctx, cancel = context.WithCancel(t.Context())
			defer cancel()
			go func() { _, err := clients.Identify(ctx); failed <- err }()
			started()
			stays := make(chan error)
			go func() { _, err := clients.Identify(t.Context()); stays <- err }()
			cancel()
			if err := <-failed; !errors.Is(err, context.Canceled) {
				t.Errorf("the one who gave up hears %v", err)
			}
			for {
				if pipe, err := os.OpenFile(filepath.Join(home, "go"), os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
					_, _ = pipe.WriteString("\n")
					_ = pipe.Close()
					break
				}
				runtime.Gosched()
			}
			if err := <-stays; err != nil {
				t.Errorf("the one who stayed hears %v", err)
			}
		})
	}
}

// ended wants the process whose number is in a file to be gone.
func ended(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the program is still there: %v", err)
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}
