package command

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"bothways/aws/apierror"
	"bothways/aws/journal"
	"bothways/ui/command/usage"
	"bothways/ui/console/host"
)

// reportCrash writes what is known of a crash beside the journals, without
// anything secret, and says where. The terminal is restored by then.
func (a *app) reportCrash(crash *host.CrashError) error {
	text := redact(fmt.Sprintf("bothways %s\n%s\nwhile %s: %s\n\n%s", version(a.process.Version),
		time.Now().UTC().Format(time.RFC3339), crash.Where, crash.Value, crash.Stack), a.process.Environ)
	a.debug.Said(text)
	path, err := a.writeCrash(text)
	if err != nil {
		a.complain("no crash report could be written: " + err.Error())
		_, _ = fmt.Fprintln(a.process.Stderr, text)
	} else {
		a.complain("a crash report, without credentials, is in " + path)
	}
	a.complain("what was done and measured is in the journal; what lies in AWS is found again by the next plan")
	return usage.End(usage.Failed, fmt.Errorf("bothways crashed while %s: %s", crash.Where, redact(crash.Value, a.process.Environ)))
}

func (a *app) writeCrash(text string) (string, error) {
	folder := journal.Folder(a.process.getenv)
	if folder == "" {
		return "", journal.ErrNoFolder
	}
	dir := filepath.Dir(folder)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	path := filepath.Join(dir, "crash-"+time.Now().UTC().Format("20060102-150405")+".txt")
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// secretNames are the environment's variables whose values are never written.
var secretNames = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)secret|token|password|access_key`) })

// redact takes out what must not be written down.
func redact(text string, environ []string) string {
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if secretNames().MatchString(name) && len(value) >= 8 {
			text = strings.ReplaceAll(text, value, "[redacted]")
		}
	}
	return apierror.Redact(text)
}
