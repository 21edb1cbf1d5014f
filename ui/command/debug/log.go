// Package debug keeps the log that --debug asks for: what went over the wire, what
// the engines told and what was said, one JSON object a line, without anything
// secret.
package debug

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"bothways/aws/account/httplog"
	"bothways/aws/pair"
)

// begins is the first record of each run.
const begins = "bothways debug log"

// longest is how much of a text is kept, in bytes.
const longest = 4 << 10

// Log is a debug log. A nil one takes everything and keeps nothing. Its methods may
// be called from several goroutines.
type Log struct {
	path    string
	file    *os.File
	out     *slog.Logger
	redact  func(string) string
	written *lines
}

// Run is what the first record says of a run.
type Run struct {
	Version string
	Args    []string
	Environ []string
}

// Open begins the log of a run in a file: a new one, or behind what a log of ours
// holds already. redact takes out of a text what this process alone knows to be
// secret. What is at the path otherwise is left as it is, and the error says so.
func Open(path string, run Run, redact func(string) string) (*Log, error) {
	file, err := open(path)
	if err != nil {
		return nil, err
	}
	l := &Log{path: path, file: file, redact: redact, written: &lines{to: file}}
	l.out = slog.New(slog.NewJSONHandler(l.written, &slog.HandlerOptions{ReplaceAttr: l.attribute}))
	l.out.Info(begins, "version", run.Version, "go", runtime.Version(), "os", runtime.GOOS, "arch", runtime.GOARCH, "pid", os.Getpid(),
		"args", l.clean(anyOf(run.Args)), "set", settings(run.Environ))
	return l, nil
}

func anyOf(texts []string) []any {
	all := make([]any, len(texts))
	for i, text := range texts {
		all[i] = text
	}
	return all
}

// settings names the variables that change what the program does, without their
// values.
func settings(environ []string) (names []string) {
	ofOurs := regexp.MustCompile(`^(AWS_|BOTHWAYS_|LC_|GO|COLOR|CLICOLOR)|^(TERM|LANG|NO_COLOR|TMUX|COLUMNS)$|(?i:_proxy$)`)
	for _, entry := range environ {
		if name, value, _ := strings.Cut(entry, "="); value != "" && ofOurs.MatchString(name) {
			if name == "TERM" || name == "LANG" {
				name = entry
			}
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// HTTP is the log of what goes over the wire, or nil.
func (l *Log) HTTP() *httplog.Log {
	if l == nil {
		return nil
	}
	return httplog.New(l.out)
}

// Event keeps what an engine told.
func (l *Log) Event(e pair.Event) {
	if l == nil {
		return
	}
	var fields any
	text, err := json.Marshal(e)
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		err = decoder.Decode(&fields)
	}
	if err != nil {
		l.out.Info("event", "event", e.EventName(), "unreadable", err.Error())
		return
	}
	l.out.Info("event", "event", e.EventName(), "is", l.clean(fields))
}

// Said keeps what people were told.
func (l *Log) Said(text string) {
	if l != nil {
		l.out.Info("said", "text", text)
	}
}

// Ended keeps how the run ended, and closes the log. Its error is the first failure
// to write, with the file's name.
func (l *Log) Ended(code int, failed error) error {
	if l == nil {
		return nil
	}
	how := []any{"exit_code", code}
	if failed != nil && failed.Error() != "" {
		how = append(how, "error", failed.Error())
	}
	l.out.Info("end", how...)
	err := l.written.failed()
	if closed := l.file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("the debug log %s is incomplete: %w", l.path, err)
	}
	return nil
}

// attribute cleans what a record holds, and leaves out its level.
func (l *Log) attribute(_ []string, a slog.Attr) slog.Attr {
	switch {
	case a.Key == slog.LevelKey:
		return slog.Attr{}
	case a.Value.Kind() == slog.KindString && a.Key != slog.MessageKey:
		return slog.String(a.Key, l.text(a.Value.String()))
	}
	return a
}

// text is a text without what is secret and without its end, where it is long.
func (l *Log) text(text string) string {
	if text = l.redact(text); len(text) > longest {
		text = text[:longest] + " [cut]"
	}
	return text
}

// clean is a decoded JSON value with its texts clean. A member whose name is a
// secret's has none.
func (l *Log) clean(value any) any {
	switch v := value.(type) {
	case string:
		return l.text(v)
	case []any:
		for i := range v {
			v[i] = l.clean(v[i])
		}
	case map[string]any:
		for name, member := range v {
			if clean := l.text(name); clean != name {
				delete(v, name)
				name = clean
			}
			v[name] = l.clean(member)
		}
	}
	return value
}

// lines writes records to a file until that fails, and keeps why.
type lines struct {
	to io.Writer

	mu  sync.Mutex
	err error
}

// Write implements io.Writer. It never fails: a run goes on without its log. A
// record comes whole, and leaves without characters that a terminal would obey.
func (l *lines) Write(record []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		_, l.err = l.to.Write(pair.EscapeJSON(record))
	}
	return len(record), nil
}

func (l *lines) failed() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}
