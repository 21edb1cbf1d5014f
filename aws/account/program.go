package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/dustin/go-humanize"
)

// program gets credentials from the credential_process of a profile. The SDK
// would lend it the terminal: its words would lie across the screen, and it
// would take the keys that are pressed there.
type program struct {
	command string
}

// programOf is the credential_process that settings come to, or nil: as the
// files have it, which is what the AWS CLI runs.
func programOf(cfg aws.Config, files *sharedFiles) aws.CredentialsProvider {
	for _, source := range cfg.ConfigSources {
		if shared, ok := source.(config.SharedConfig); ok {
			at := &shared
			for at.Source != nil {
				at = at.Source
			}
			if at.CredentialProcess != "" {
				command := at.CredentialProcess
				if written := files.profiles[at.Profile]; written != nil && written.program != "" {
					command = written.program
				}
				return aws.NewCredentialsCache(program{command})
			}
		}
	}
	return nil
}

func startsProgram(provider aws.CredentialsProvider) bool {
	return aws.IsCredentialsProvider(provider, (*processcreds.Provider)(nil))
}

// programWithin is the SDK's own limit.
const programWithin = time.Minute

// programPrints bounds what a program may print as credentials, in bytes. A
// session's token has some 2,000.
const programPrints = 64 << 10

// shortOutput is a standard output that ends its program where it prints too
// much.
type shortOutput struct {
	left int // bytes
	full func()
}

// Write implements io.Writer.
func (s *shortOutput) Write(text []byte) (int, error) {
	if s.left -= len(text); s.left < 0 {
		s.full()
		return 0, io.ErrShortWrite
	}
	return len(text), nil
}

// Retrieve implements aws.CredentialsProvider.
func (p program) Retrieve(ctx context.Context) (aws.Credentials, error) {
	ctx, end := whileWanted(ctx)
	defer end()
	ctx, cancel := context.WithTimeout(ctx, programWithin)
	defer cancel()
	printed := &shortOutput{left: programPrints, full: cancel}
	stderr, err := overhear()
	if err != nil {
		return aws.Credentials{}, err
	}
	run := processcreds.NewProviderCommand(processcreds.NewCommandBuilderFunc(func(ctx context.Context) (*exec.Cmd, error) {
		shell := []string{"sh", "-c"}
		if runtime.GOOS == "windows" {
			shell = []string{"cmd.exe", "/C"}
		}
		cmd := exec.CommandContext(ctx, shell[0], shell[1], p.command) //nolint:gosec // the command is the user's own setting
		cmd.Stdout, cmd.Stderr = printed, stderr.pen                   // and no stdin
		cmd.WaitDelay = 5 * time.Second                                // for children that keep its stdout
		detach(cmd)
		return cmd, nil
	}), func(o *processcreds.Options) { o.Timeout = programWithin })
	found, err := run.Retrieve(ctx)
	_ = stderr.pen.Close()
	if err == nil {
		return found, nil
	}
	// Never the SDK's error itself: it quotes what the program printed, which
	// may be the keys.
	failure := "could not be run"
	exit, exited := errors.AsType[*exec.ExitError](err)
	switch {
	case printed.left < 0:
		failure = fmt.Sprintf("printed more than %s, which are no credentials, and was ended", humanize.IBytes(programPrints))
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		failure = fmt.Sprintf("did not end within %s", programWithin)
	case ctx.Err() != nil:
		return aws.Credentials{}, ctx.Err()
	case errors.Is(err, exec.ErrWaitDelay):
		failure = "left a program behind that keeps its standard output open"
	case exited:
		failure = fmt.Sprintf("failed (%s)", exit.ProcessState)
	case strings.Contains(err.Error(), "parse failed"):
		failure = "printed no JSON of credentials on its standard output"
	case strings.Contains(err.Error(), "in process output"):
		failure = "printed JSON that lacks Version 1, AccessKeyId or SecretAccessKey"
	}
	return aws.Credentials{}, programError{failure, stderr.words(func(text string) string { return redactOwn(text, p.command, os.Environ()) })}
}

// programError says how a credential_process failed. It has the last word: no
// error lies behind it.
type programError struct{ failure, words string }

func (e programError) Error() string {
	text := "the profile's credential_process " + e.failure
	if e.words != "" {
		text += ", saying: " + e.words
	}
	return text + ". Run it by itself to see; it gets no terminal here, so log in with it beforehand if it asks something"
}

// overheard keeps the beginning of what is written to its pipe. It reads on
// for as long as somebody can write: a program may leave another behind.
type overheard struct {
	pen  *os.File
	done chan struct{}

	mu   sync.Mutex
	kept []byte
}

func overhear() (*overheard, error) {
	reader, pen, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("listen to a program: %w", err)
	}
	o := &overheard{pen: pen, done: make(chan struct{})}
	go func() {
		defer close(o.done)
		defer reader.Close()
		_, _ = io.Copy(o, reader) // what was read is what there is
	}()
	return o, nil
}

func (o *overheard) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = append(o.kept, text[:min(len(text), 4096-len(o.kept))]...)
	return len(text), nil
}

// escapes are what terminals are told by: colours, and names of windows.
var escapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|.)`)
})

// words are what was heard as one line for people, without what could move a
// cursor or is a key.
func (o *overheard) words(redact func(string) string) string {
	const most = 300
	select {
	case <-o.done:
	case <-time.After(time.Second):
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return -1
	}, escapes().ReplaceAllString(strings.ToValidUTF8(string(o.kept), ""), ""))
	runes := []rune(redact(strings.Join(strings.Fields(clean), " ")))
	if len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return string(runes)
}
