package account

import (
	"cmp"
	"maps"
	"slices"
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
	files, err := readFiles(getenv)
	for _, name := range slices.Sorted(maps.Keys(files.profiles)) {
		s := files.profiles[name]
		found = append(found, Profile{Name: name, Region: s.keys["region"], Kind: s.kind(), SignsIn: s.kind() == signsIn, Coded: s.kind() == coded})
	}
	return found, err
}

// The kinds that need somebody.
const (
	signsIn = "SSO"
	coded   = "role with an MFA code"
)

func (s *section) kind() string {
	switch source := s.sources(); {
	case len(source) == 0:
		return "no credentials of its own"
	case source[0] == fromRole && s.has("mfa_serial"):
		return coded
	default:
		return source[0]
	}
}

// Where a profile's credentials can come from, in words.
const (
	fromRole    = "role"
	fromToken   = "web identity"
	fromKeys    = "keys from the shared files"
	fromLogin   = "aws login"
	fromProgram = "credential process"
)

// sources are where a profile can have its credentials from; what stands first
// is what the AWS CLI takes (botocore, credentials.py, ProfileProviderBuilder).
func (s *section) sources() []string {
	var found []string
	add := func(source string, has bool) {
		if has {
			found = append(found, source)
		}
	}
	add(fromRole, s.has("role_arn") && !s.has("web_identity_token_file"))
	add(fromToken, s.has("web_identity_token_file"))
	add(signsIn, s.has("sso_session") || s.has("sso_start_url"))
	add(fromKeys, s.keyed)
	add(fromLogin, s.has("login_session"))
	add(fromProgram, s.has("credential_process"))
	add(fromKeys, s.keyedInConfig)
	return found
}

func (s *section) has(key string) bool { _, ok := s.keys[key]; return ok }

func regionFromEnvironment(getenv func(string) string) string {
	return cmp.Or(getenv("AWS_REGION"), getenv("AWS_DEFAULT_REGION"))
}
