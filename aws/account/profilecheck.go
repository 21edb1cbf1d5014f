package account

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// missing says that there is no such profile, and which there are.
func (f *sharedFiles) missing(name string) error {
	about := "there are none"
	if wrong := f.misplaced[name]; wrong != "" {
		about = wrong
	} else if names := slices.Sorted(maps.Keys(f.profiles)); len(names) > 0 {
		const most = 10
		about = "there are " + strings.Join(names[:min(len(names), most)], ", ")
		if more := len(names) - most; more > 0 {
			about += fmt.Sprintf(" and %d more", more)
		}
	}
	return fmt.Errorf("there is no profile %s in %s or %s: %s", name, f.config, f.credentials, about)
}

// check follows a profile to its credentials. It names what the SDK refuses in
// words that don't help, and where the SDK would take other credentials than
// the AWS CLI does. keyless says that a sign-in or a token goes before the keys
// of the credentials file, which the SDK prefers where it sees them.
func (f *sharedFiles) check(name string) (keyless bool, err error) {
	var visited []string
	for at := name; ; {
		s := f.profiles[at]
		next, keyed := s.keys["source_profile"], s.has("aws_access_key_id")
		leaf := next == "" || !s.has("role_arn") || len(visited) > 0 && keyed
		if err := f.checkSource(at, s, leaf); err != nil {
			return false, err
		}
		switch source := s.sources(); {
		case leaf && len(visited) > 0 && len(source) == 0:
			return false, fmt.Errorf("profile %s takes its credentials from source_profile %s, which has none: give that one keys or a sign-in, or name another", visited[len(visited)-1], at)
		case leaf && len(visited) > 0 && source[0] == fromLogin:
			return false, fmt.Errorf("profile %s takes its credentials from source_profile %s, a session of aws login. Other than the AWS CLI, AWS's library for Go, which is at work here, assumes no role with those: name a profile that has credential_process = aws configure export-credentials --profile %[2]s --format process", visited[len(visited)-1], at)
		case leaf:
			return s.keyed && s.sources()[0] != fromKeys, nil
		}
		visited = append(visited, at)
		switch {
		case f.profiles[next] == nil:
			return false, fmt.Errorf("profile %s takes its credentials from source_profile %s, and there is no profile of that name in %s or %s", at, next, f.config, f.credentials)
		case next == at && keyed:
			return false, nil // its own keys, AWS's guide has it so
		case slices.Contains(visited, next):
			return false, fmt.Errorf("the profiles %s take their credentials in a circle, each from the next by source_profile: let one of them name a profile with keys or a sign-in of its own", strings.Join(append(visited, next), " → "))
		}
		at = next
	}
}

func (f *sharedFiles) checkSource(name string, s *section, leaf bool) error {
	sources := s.sources()
	var given []string
	for _, key := range []string{"source_profile", "credential_source", "web_identity_token_file", "credential_process"} {
		if s.has(key) {
			given = append(given, key)
		}
	}
	switch {
	case len(s.quoted) > 0:
		return fmt.Errorf("profile %s has %s in quotes, which the AWS CLI takes for a part of it and refuses: take the quotes away", name, strings.Join(s.quoted, " and "))
	case s.hidden:
		return fmt.Errorf("profile %s has its keys below a name in quotes in %s, where only the AWS CLI finds them: move them to [%s] in %s, which is where aws configure writes them", name, f.config, name, f.credentials)
	case s.has("aws_access_key_id") != s.has("aws_secret_access_key"):
		return fmt.Errorf("profile %s has only one of aws_access_key_id and aws_secret_access_key: give both", name)
	case leaf && len(sources) == 0 && f.misplaced[name] != "":
		return fmt.Errorf("profile %s has no credentials: %s", name, f.misplaced[name])
	case len(given) > 1:
		return fmt.Errorf("profile %s has both %s: leave one of them", name, strings.Join(given, " and "))
	case len(given) == 1 && given[0] != "credential_process" && !s.has("role_arn"):
		return fmt.Errorf("profile %s has %s, and no role_arn to assume with it: add one, or take %[2]s out", name, given[0])
	case s.has("role_arn") && (len(given) == 0 || given[0] == "credential_process"):
		return fmt.Errorf("profile %s has a role_arn, and nothing to assume the role with: add source_profile, credential_source or web_identity_token_file", name)
	case s.has("sso_session") && f.sessions[s.keys["sso_session"]] == nil:
		return fmt.Errorf("profile %s signs in by sso_session %s, and there is no [sso-session %s] in %s", name, s.keys["sso_session"], s.keys["sso_session"], f.config)
	case leaf && len(sources) > 0 && sources[0] == signsIn && (!s.has("sso_account_id") || !s.has("sso_role_name")):
		return fmt.Errorf("profile %s signs in, and does not say as what: give sso_account_id and sso_role_name", name)
	case leaf && s.has("aws_access_key_id") && sources[0] != fromKeys && (s.keyedInConfig || sources[0] == fromRole):
		return fmt.Errorf("profile %s has keys and, beside them, %s: of the two, the AWS CLI and AWS's library for Go, which is at work here, take different ones. Take one of them out of the profile", name, sources[0])
	}
	return nil
}

// checkServices says that a profile's services section is missing: AWS itself
// would be asked instead of what it names.
func (f *sharedFiles) checkServices(name string) error {
	if s := f.profiles[name]; s != nil && s.has("services") && f.services[s.keys["services"]] == nil {
		return fmt.Errorf("profile %s names the services section %s, and there is no [services %s] in %s", name, s.keys["services"], s.keys["services"], f.config)
	}
	return nil
}

// forSDK are the paths of the config files as the SDK should read them, and
// what removes those that were made for it: it reads nothing but files.
func (f *sharedFiles) forSDK() (paths []string, remove func(), err error) {
	if f.respelled.Len() == 0 {
		return noFolder(f.config), func() {}, nil
	}
	file, err := os.CreateTemp("", "bothways-config-*") // for its owner alone
	if err != nil {
		return nil, nil, fmt.Errorf("keep the profiles with quoted names for reading: %w", err)
	}
	remove = func() { _ = os.Remove(file.Name()) } // a leftover holds no key
	_, err = file.Write(f.respelled.Bytes())
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		remove()
		return nil, nil, fmt.Errorf("keep the profiles with quoted names for reading: %w", err)
	}
	return []string{f.config, file.Name()}, remove, nil
}

// noFolder is a path unless it is a folder's, at which the SDK stops and the
// AWS CLI does not.
func noFolder(path string) []string {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return []string{}
	}
	return []string{path}
}
