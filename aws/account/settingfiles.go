package account

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/credentials/logincreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"

	"bothways/aws/localfile"
)

// settingMost bounds each file of settings, in bytes. The authorities that the
// operating systems bring take less than 1 MiB.
const settingMost = 16 << 20

// unfitError says that a file of settings is none that AWS's library may be given:
// it would wait at a named pipe, or read a device without end.
type unfitError struct {
	by, path string // by: what names it, or ""
	why      error
}

func (e *unfitError) Error() string {
	if e.by == "" {
		return fmt.Sprintf("%s: %s", e.path, e.why)
	}
	return fmt.Sprintf("%s, which %s names: %s", e.path, e.by, e.why)
}

// Unwrap implements the errors package's interface.
func (e *unfitError) Unwrap() error { return e.why }

// readSetting reads a file of settings, which something may have named. The null device is an empty one, for so
// settings are switched off; a folder is what the system says of it.
func readSetting(by, path string) ([]byte, error) {
	if isNull(path) {
		return nil, nil
	}
	text, err := localfile.Read(path, settingMost)
	strange, is := errors.AsType[*localfile.NotRegularError](err)
	_, large := errors.AsType[*localfile.TooLargeError](err)
	switch {
	case is && strange.Is == localfile.Kind(fs.ModeDir):
		return nil, &fs.PathError{Op: "read", Path: path, Err: syscall.EISDIR}
	case is, large:
		return nil, &unfitError{by, path, err}
	}
	return text, err
}

func isNull(path string) bool {
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return path == os.DevNull
	}
	info, err := os.Stat(path)
	return err == nil && os.SameFile(info, null)
}

// checkNamed returns an error where a file that AWS's library reads by itself for
// a profile is no file that it may be given. What is not there, or can't be read,
// the library says.
func (f *sharedFiles) checkNamed(profile string, getenv func(string) string) error {
	type named struct{ by, path string }
	files := []named{
		{"AWS_CA_BUNDLE", getenv("AWS_CA_BUNDLE")},
		{"AWS_WEB_IDENTITY_TOKEN_FILE", getenv("AWS_WEB_IDENTITY_TOKEN_FILE")},
		{"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", getenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")},
	}
	visited := map[string]bool{}
	for at := profile; !visited[at] && f.profiles[at] != nil; at = f.profiles[at].keys["source_profile"] {
		visited[at] = true
		keys := f.profiles[at].keys
		for _, key := range []string{"ca_bundle", "web_identity_token_file"} {
			files = append(files, named{key + " of profile " + at, keys[key]})
		}
		if session := cmp.Or(keys["sso_session"], keys["sso_start_url"]); session != "" {
			if path, err := ssocreds.StandardCachedTokenFilepath(session); err == nil {
				files = append(files, named{"the sign-in of profile " + at, path})
			}
		}
		if session := keys["login_session"]; session != "" {
			if path, err := logincreds.StandardCachedTokenFilepath(session, getenv("AWS_LOGIN_CACHE_DIRECTORY")); err == nil {
				files = append(files, named{"the login of profile " + at, path})
			}
		}
	}
	for _, file := range files {
		if file.path == "" {
			continue
		}
		_, err := readSetting(file.by, file.path)
		if unfit, is := errors.AsType[*unfitError](err); is {
			return unfit
		}
	}
	return nil
}
