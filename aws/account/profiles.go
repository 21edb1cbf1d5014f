package account

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
)

// Profile is one entry of the shared config files, as far as it can be told
// without asking anybody.
type Profile struct {
	Name   string
	Region string // the profile's own region, or ""
	Kind   string // in words: where its credentials come from
	// SignsIn says that it has credentials after a sign-in in a browser only,
	// see Access.SignIn; Coded that it asks for MFA codes.
	SignsIn, Coded bool
}

// Profiles lists the profiles of the shared config and credentials files, and
// first, with an empty name, the environment's own credentials if it has any.
// It reads local files only. Missing files are no error.
func Profiles(getenv func(string) string) ([]Profile, error) {
	var found []Profile
	if getenv("AWS_ACCESS_KEY_ID") != "" {
		found = append(found, Profile{Region: regionFromEnvironment(getenv), Kind: "keys from the environment"})
	}
	byName := map[string]*section{}
	for _, file := range []struct {
		path        string
		credentials bool
	}{
		{cmp.Or(getenv("AWS_CONFIG_FILE"), config.DefaultSharedConfigFilename()), false},
		{cmp.Or(getenv("AWS_SHARED_CREDENTIALS_FILE"), config.DefaultSharedCredentialsFilename()), true},
	} {
		if err := readSections(file.path, file.credentials, byName); err != nil {
			return found, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		s := byName[name]
		found = append(found, Profile{Name: name, Region: s.keys["region"], Kind: s.kind(), SignsIn: s.kind() == signsIn, Coded: s.kind() == coded})
	}
	return found, nil
}

// section is a profile's keys; the values that are secret are never kept.
type section struct{ keys map[string]string }

// The kinds that need somebody.
const (
	signsIn = "SSO"
	coded   = "role with an MFA code"
)

func (s *section) kind() string {
	has := func(key string) bool { _, ok := s.keys[key]; return ok }
	switch {
	case has("sso_session"), has("sso_start_url"):
		return signsIn
	case has("login_session"):
		return "aws login"
	case has("role_arn") && has("mfa_serial"):
		return coded
	case has("role_arn"):
		return "role"
	case has("credential_process"):
		return "credential process"
	case has("web_identity_token_file"):
		return "web identity"
	case has("aws_access_key_id"):
		return "keys from the shared files"
	default:
		return "no credentials of its own"
	}
}

// readSections adds a shared file's profiles. In the config file a profile is
// "[profile NAME]" or "[default]", in the credentials file plainly "[NAME]".
func readSections(path string, credentials bool, into map[string]*section) error {
	file, err := os.Open(path) //nolint:gosec // the path is the user's own setting
	if errors.Is(err, fs.ErrNotExist) || path == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the AWS profiles: %w", err)
	}
	defer file.Close()
	var current *section
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if header, ok := strings.CutPrefix(line, "["); ok {
			current = nil
			header, _, _ = strings.Cut(strings.ReplaceAll(header, "\t", " "), "]")
			name, ok := profileName(strings.TrimSpace(header), credentials)
			if !ok {
				continue
			}
			if into[name] == nil {
				into[name] = &section{keys: map[string]string{}}
			}
			current = into[name]
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if current == nil || !ok || strings.HasPrefix(line, "#") || strings.HasPrefix(line, ";") {
			continue
		}
		key = strings.ToLower(strings.TrimSpace(key))
		if key != "region" {
			value = "" // which keys there are tells enough
		}
		value, _, _ = strings.Cut(value, " #") // a comment may follow on the line
		current.keys[key] = strings.TrimSpace(value)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the AWS profiles in %s: %w", path, err)
	}
	return nil
}

func profileName(header string, credentials bool) (string, bool) {
	if credentials || header == "default" {
		return header, header != ""
	}
	name, ok := strings.CutPrefix(header, "profile ")
	return strings.Trim(strings.TrimSpace(name), `"`), ok
}

func regionFromEnvironment(getenv func(string) string) string {
	return cmp.Or(getenv("AWS_REGION"), getenv("AWS_DEFAULT_REGION"))
}
