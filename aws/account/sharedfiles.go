package account

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
)

// sharedFiles are the config and the credentials file, read by the SDK's
// grammar, with the names that the AWS CLI gives to their sections.
type sharedFiles struct {
	config, credentials          string // their paths
	profiles, sessions, services map[string]*section
	// misplaced are profiles whose sections no tool of AWS reads, with what to
	// write instead.
	misplaced map[string]string
	// respelled are the config file's sections whose names the SDK reads with
	// the quotes, as it reads them without. It never holds a key.
	respelled bytes.Buffer
}

// section is a profile, or another section of settings.
type section struct {
	keys   map[string]string            // of the secret ones only that they are set
	nested map[string]map[string]string // the indented settings below a key
	// Which file has keys of an account, and whether the SDK does not see them.
	keyed, keyedInConfig, hidden bool
	// quoted are the settings that credentials come by and whose values stand in
	// quotes: for the AWS CLI these belong to the value.
	quoted []string
	// program is the line of credential_process as it was written, to be run
	// and for nothing else: the SDK takes quotes off it and cuts it at a #.
	program string
}

// secrets are never kept: that they are there tells enough. A program may have
// a password among its words.
var secrets = []string{"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "credential_process"}

// unquoted are the settings that credentials come by, whose values the AWS CLI
// takes with their quotes (botocore, configloader.py, reads by Python's
// configparser, which has none).
var unquoted = []string{
	"aws_access_key_id", "aws_secret_access_key", "aws_session_token", "source_profile", "credential_source", "role_arn", "mfa_serial", "external_id",
	"web_identity_token_file", "sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name", "login_session",
}

// readFiles reads both files. Missing ones are no error, and what was read
// stands beside an error about the others.
func readFiles(getenv func(string) string) (*sharedFiles, error) {
	f := &sharedFiles{
		config:      expand(cmp.Or(getenv("AWS_CONFIG_FILE"), config.DefaultSharedConfigFilename()), getenv),
		credentials: expand(cmp.Or(getenv("AWS_SHARED_CREDENTIALS_FILE"), config.DefaultSharedCredentialsFilename()), getenv),
		profiles:    map[string]*section{}, sessions: map[string]*section{}, services: map[string]*section{}, misplaced: map[string]string{},
	}
	given := func(variable string) string {
		if getenv(variable) == "" {
			return ""
		}
		return variable
	}
	return f, errors.Join(f.read(given("AWS_CONFIG_FILE"), f.config, false), f.read(given("AWS_SHARED_CREDENTIALS_FILE"), f.credentials, true))
}

// expand does with a path what the AWS CLI does: its ~ and variables may come
// from where no shell saw them.
func expand(path string, getenv func(string) string) string {
	path = os.Expand(path, func(name string) string { return cmp.Or(getenv(name), "$"+name) })
	if rest, home := strings.CutPrefix(path, "~"); home && (rest == "" || os.IsPathSeparator(rest[0])) {
		path = filepath.Dir(filepath.Dir(config.DefaultSharedConfigFilename())) + rest
	}
	return path
}

func (f *sharedFiles) read(by, path string, credentials bool) (err error) {
	text, err := readSetting(by, path)
	if errors.Is(err, fs.ErrNotExist) || path == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the AWS profiles: %w", err)
	}
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return fmt.Errorf("read the AWS profiles: %s is in UTF-16, which AWS's tools cannot read: save it as UTF-8", path)
	}
	text, marked := bytes.CutPrefix(text, []byte("\ufeff"))
	r := reader{files: f, credentials: credentials}
	defer func() {
		if err == nil && r.unread != "" {
			err = fmt.Errorf("read the AWS profiles: %s has the line %q, which begins a section for the AWS CLI only: for AWS's library for Go, which is at work here, what follows belongs to the section before. Put nothing behind the bracket, and neither # nor ; into a name", path, r.unread)
		}
	}()
	number := 0
	for line := range strings.SplitSeq(string(text), "\n") {
		number++
		if strings.HasPrefix(line, "[") && !strings.Contains(line, "]") {
			return fmt.Errorf("read the AWS profiles: %s, line %d: %q begins a section, and there is no ] at its end", path, number, strings.TrimSpace(line))
		}
		r.line(line)
	}
	if marked && bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		return fmt.Errorf("read the AWS profiles: %s begins with a byte order mark, which hides its first section from AWS's tools: save it as UTF-8 without one", path)
	}
	return nil
}

// reader is how far a file was read.
type reader struct {
	files       *sharedFiles
	credentials bool
	at          *section // nil: in a section of no use
	key         string   // the last one at the beginning of a line
	respelling  bool
	unread      string // a line that begins a section, but not for the SDK
}

func (r *reader) line(line string) {
	bare := strings.TrimSpace(line)
	if bare == "" || bare[0] == '#' || bare[0] == ';' {
		return
	}
	header, _, _ := strings.Cut(bare, "#")
	header, _, _ = strings.Cut(header, ";")
	header = strings.TrimSpace(header)
	if strings.HasPrefix(header, "[") && strings.HasSuffix(header, "]") {
		r.enter(strings.TrimSpace(header[1 : len(header)-1]))
		return
	}
	if strings.HasPrefix(bare, "[") && strings.Contains(bare, "]") {
		r.unread = bare
		return
	}
	key, value, quoted, ok := setting(bare)
	if r.at == nil || !ok {
		return
	}
	indented := line[0] == ' ' || line[0] == '\t'
	if r.respelling && !slices.Contains(secrets[:3], key) {
		r.files.respelled.WriteString(strings.TrimRight(line, "\r") + "\n")
	}
	// Below a key with a value, indentation means nothing.
	if above, known := r.at.keys[r.key]; indented && known && above == "" && r.key != "" {
		if r.at.nested[r.key] == nil {
			r.at.nested[r.key] = map[string]string{}
		}
		r.at.nested[r.key][key] = value
		return
	}
	r.key = key
	if key == "credential_process" {
		_, written, _ := strings.Cut(bare, "=")
		r.at.program = strings.TrimSpace(written)
	}
	r.at.quoted = slices.DeleteFunc(r.at.quoted, func(earlier string) bool { return earlier == key })
	if quoted && slices.Contains(unquoted, key) {
		r.at.quoted = append(r.at.quoted, key)
	}
	if slices.Contains(secrets, key) {
		value = "set"
	}
	if key == "aws_access_key_id" {
		r.at.keyed = r.at.keyed || r.credentials
		r.at.keyedInConfig = r.at.keyedInConfig || !r.credentials
		r.at.hidden = r.at.hidden || r.respelling
	}
	r.at.keys[key] = value
}

// setting takes a line apart: KEY = VALUE, or with a colon, and perhaps a
// comment, which must stand off.
func setting(line string) (key, value string, quoted, ok bool) {
	for _, comment := range []string{" #", " ;", "\t#", "\t;"} {
		line, _, _ = strings.Cut(line, comment)
	}
	at := strings.IndexAny(line, "=:")
	if at < 0 {
		return "", "", false, false
	}
	value = strings.TrimSpace(line[at+1:])
	if last := len(value) - 1; last > 0 && (value[0] == '"' || value[0] == '\'') && value[last] == value[0] {
		value, quoted = value[1:last], true
	}
	return strings.ToLower(strings.TrimSpace(line[:at])), value, quoted, true
}

// enter begins a section. In the config file a profile is "[profile NAME]" or
// "[default]", in the credentials file plainly "[NAME]".
func (r *reader) enter(header string) {
	r.at, r.key, r.respelling = nil, "", false
	kind, name := "profile", header
	if inner, wrong := strings.CutPrefix(header, "profile "); wrong && r.credentials {
		r.files.misplaced[strings.TrimSpace(inner)] = "[" + header + "] stands in the credentials file, where it has to be [" + strings.TrimSpace(inner) + "]"
		return
	}
	if !r.credentials && header != "default" {
		var spaced bool
		if kind, name, spaced = strings.Cut(strings.ReplaceAll(header, "\t", " "), " "); !spaced {
			r.files.misplaced[header] = "[" + header + "] stands in the config file, where it has to be [profile " + header + "]"
			return
		}
		name = strings.TrimSpace(name)
		if words := shellWords(name); len(words) == 1 && words[0] != name {
			name, r.respelling = words[0], true
			fmt.Fprintf(&r.files.respelled, "[%s %s]\n", kind, name)
		}
	}
	into := map[string]map[string]*section{"profile": r.files.profiles, "sso-session": r.files.sessions, "services": r.files.services}[kind]
	if into == nil || name == "" {
		return
	}
	if into[name] == nil {
		into[name] = &section{keys: map[string]string{}, nested: map[string]map[string]string{}}
	}
	r.at = into[name]
}

// shellWords splits a name as a shell does, for so the AWS CLI writes those
// with spaces; nil where its quotes don't close.
func shellWords(text string) (words []string) {
	var word strings.Builder
	quote, began, escaped := rune(0), false, false
	for _, r := range text {
		switch {
		case escaped:
			if quote == '"' && r != '"' && r != '\\' {
				word.WriteByte('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, began = true, true
		case r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, began = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if began {
				words = append(words, word.String())
			}
			word.Reset()
			began = false
		default:
			word.WriteRune(r)
			began = true
		}
	}
	if quote != 0 || escaped {
		return nil
	}
	if began {
		words = append(words, word.String())
	}
	return words
}
