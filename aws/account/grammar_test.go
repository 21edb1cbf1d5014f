package account_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"bothways/aws/account"
)

// What the shared files may look like. The AWS CLI 1.45 finds the same region
// and keys, except where it is stricter than the SDK: a comment or quotes are
// a part of its values, a name with bare spaces is none, and a section twice, a
// mark or a setting before all sections is the end.
func TestTheSharedFilesAreReadAsTheAWSCLIReadsThem(t *testing.T) {
	for name, c := range map[string]struct {
		config, credentials string
		profile, region     string
		other               string // a profile that there must not be
	}{
		"plain":                                {"[profile x]\nregion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"default":                              {"[default]\nregion = eu-west-1\n", "[default]\nKEYS", "default", "eu-west-1", ""},
		"default with the word profile":        {"[profile default]\nregion = eu-west-1\n", "[default]\nKEYS", "default", "eu-west-1", ""},
		"single quotes":                        {"[profile 'my team']\nregion = eu-west-1\n", "[my team]\nKEYS", "my team", "eu-west-1", "'my team'"},
		"double quotes":                        {"[profile \"my team\"]\nregion = eu-west-1\n", "[my team]\nKEYS", "my team", "eu-west-1", "\"my team\""},
		"quotes around one word":               {"[profile 'x']\nregion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", "'x'"},
		"quotes of another kind within":        {"[profile \"it's mine\"]\nregion = eu-west-1\n", "[it's mine]\nKEYS", "it's mine", "eu-west-1", ""},
		"quotes as a shell joins them":         {"[profile 'it'\"'\"'s mine']\nregion = eu-west-1\n", "[it's mine]\nKEYS", "it's mine", "eu-west-1", ""},
		"a backslash before a space":           {"[profile my\\ team]\nregion = eu-west-1\n", "[my team]\nKEYS", "my team", "eu-west-1", ""},
		"quotes that don't close":              {"[profile it's]\nregion = eu-west-1\n", "[it's]\nKEYS", "it's", "eu-west-1", ""},
		"a space without quotes":               {"[profile my team]\nregion = eu-west-1\n", "[my team]\nKEYS", "my team", "eu-west-1", ""},
		"tabs":                                 {"[profile\tx]\nregion\t=\teu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"spaces within the brackets":           {"[ profile   x ]\nregion = eu-west-1\n", "[ x ]\nKEYS", "x", "eu-west-1", ""},
		"comments after":                       {"[profile x] # mine\nregion = eu-west-1 # Ireland\n", "[x] ; mine\nKEYS", "x", "eu-west-1", ""},
		"a comment after a tab":                {"[profile x]\nregion = eu-west-1\t; Ireland\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"comments between":                     {"# region = eu-west-2\n[profile x]\n  ; region = eu-west-3\nregion = eu-west-1\n#[profile y]\n", "[x]\nKEYS", "x", "eu-west-1", "y"},
		"a colon":                              {"[profile x]\nregion: eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"keys in capitals":                     {"[profile x]\nRegion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"a name in capitals":                   {"[profile X]\nregion = eu-west-1\n[profile x]\nregion = eu-west-2\n", "[X]\nKEYS", "X", "eu-west-1", ""},
		"a kind in capitals":                   {"[Profile y]\nregion = eu-west-2\n", "[x]\nKEYS", "x", "", "y"},
		"nested settings":                      {"[profile x]\nregion = eu-west-1\ns3 =\n  region = eu-west-2\n  addressing_style = path\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"nested settings first":                {"[profile x]\ns3 =\n\tregion = eu-west-2\nregion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"everything indented":                  {"[profile x]\n  output = json\n  region = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"other kinds of sections":              {"[sso-session y]\nregion = eu-west-2\n[services y]\ns3 =\n  endpoint_url = http://s3:3\n[plugins]\ny = z\n[preview]\n[profile x]\nregion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", "y"},
		"a section twice":                      {"[profile x]\nregion = eu-west-2\n[profile z]\n[profile x]\nregion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"lines of Windows":                     {"[profile 'my team']\r\nregion = eu-west-1\r\n", "[my team]\r\nKEYS", "my team", "eu-west-1", ""},
		"a very long line":                     {"[profile y]\ncredential_process = " + strings.Repeat("x", 1<<20) + "\n[profile x]\nregion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"no newline at the end":                {"[profile x]\nregion = eu-west-1", "[x]\nKEYS", "x", "eu-west-1", ""},
		"settings before any section":          {"region = eu-west-2\n[profile x]\nregion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"a comment behind a byte order mark":   {"\ufeff# mine\n[profile x]\nregion = eu-west-1\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"letters of other scripts":             {"[profile équipe]\nregion = eu-west-1\n", "[équipe]\nKEYS", "équipe", "eu-west-1", ""},
		"profile in the credentials file only": {"", "[x]\nregion = eu-west-1\nKEYS", "x", "eu-west-1", ""},
		"keys in quotes":                       {"[profile x]\nregion = \"eu-west-1\"\n", "[x]\nKEYS", "x", "eu-west-1", ""},
		"an equals sign in a value":            {"[profile x]\nregion = eu-west-1\ncli_pager = less --a=b\n", "[x]\nKEYS", "x", "eu-west-1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			settled(t, c.config, strings.ReplaceAll(c.credentials, "KEYS", "aws_access_key_id = KEYS\naws_secret_access_key = s\n"))
			found, err := account.Profiles(os.Getenv)
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(found, func(p account.Profile) bool { return p.Name == c.profile })
			if at < 0 || found[at].Region != c.region || found[at].Kind != "keys from the shared files" {
				t.Fatalf("listed are %+v", found)
			}
			if c.other != "" && slices.ContainsFunc(found, func(p account.Profile) bool { return p.Name == c.other }) {
				t.Errorf("listed is %s: %+v", c.other, found)
			}
			asked, err := identified(t, account.Access{Profile: c.profile})
			if want := []string{atAWS + " GetCallerIdentity by KEYS"}; err != nil || !slices.Equal(asked, want) {
				t.Errorf("asked is %q, %v", asked, err)
			}
		})
	}
}

// many are so many profiles.
func many(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "[profile p%02d]\n", i)
	}
	return text.String()
}

// An endpoint of the user's own goes before FIPS and dual-stack, as with the
// AWS CLI, and that is said.
func TestAnEndpointOfOnesOwnGoesBeforeAVariantOfAWSs(t *testing.T) {
	own := strings.Replace(keys, "keys", "x", 1)
	for name, c := range map[string]struct {
		config string
		env    []string
		asked  string
		says   []string
	}{
		"FIPS":                      {"[profile x]\n" + other + "use_fips_endpoint = true\n", nil, "own:1", []string{"use_fips_endpoint = true in profile x", "FIPS", "http://own:1", "the endpoint wins"}},
		"FIPS of the environment":   {"", []string{"AWS_USE_FIPS_ENDPOINT", "true", "AWS_ENDPOINT_URL", "http://env:4"}, "env:4", []string{"AWS_USE_FIPS_ENDPOINT=true", "by AWS_ENDPOINT_URL"}},
		"FIPS beside one service's": {"[profile x]\nservices = near\nuse_fips_endpoint = TRUE\n[services near]\ns3 =\n  endpoint_url = http://s3:3\n", nil, "sts-fips.eu-west-1.amazonaws.com", []string{"endpoint_url of s3 in [services near]"}},
		"dual-stack":                {"[profile x]\n" + other + "use_dualstack_endpoint = true\n", nil, "own:1", []string{"dual-stack"}},
		"neither":                   {"[profile x]\n" + other, nil, "own:1", nil},
	} {
		t.Run(name, func(t *testing.T) {
			settled(t, c.config, own, c.env...)
			access := account.Access{Profile: "x"}
			asked, err := identified(t, access)
			if want := []string{c.asked + " GetCallerIdentity by KEYS"}; err != nil || !slices.Equal(asked, want) {
				t.Errorf("asked is %q, %v", asked, err)
			}
			said := access.Overruled()
			if (said == "") != (c.says == nil) {
				t.Errorf("it says %q", said)
			}
			for _, words := range c.says {
				if !strings.Contains(said, words) {
					t.Errorf("%q does not say %q", said, words)
				}
			}
		})
	}
}

// What cannot work says what to change, and names the file or the profile.
func TestSettingsThatCannotWorkSayWhatToChange(t *testing.T) {
	for name, c := range map[string]struct {
		config, credentials string
		env                 []string
		says                []string
	}{
		"a circle of two":                         {"[profile x]\n" + role + "source_profile = y\n[profile y]\n" + role + "source_profile = x\n", "", nil, []string{"x → y → x", "circle", "source_profile"}},
		"a circle of three":                       {"[profile x]\n" + role + "source_profile = y\n[profile y]\n" + role + "source_profile = z\n[profile z]\n" + role + "source_profile = x\n", "", nil, []string{"x → y → z → x"}},
		"a circle further on":                     {"[profile x]\n" + role + "source_profile = y\n[profile y]\n" + role + "source_profile = z\n[profile z]\n" + role + "source_profile = y\n", "", nil, []string{"y → z → y"}},
		"a profile that names itself":             {"[profile x]\n" + role + "source_profile = x\n", "", nil, []string{"x → x"}},
		"a circle below names in quotes":          {"[profile x]\n" + role + "source_profile = my team\n[profile 'my team']\n" + role + "source_profile = x\n", "", nil, []string{"x → my team → x"}},
		"no such profile":                         {"[profile y]\n[profile z]\n", "", nil, []string{"no profile x", "there are y, z", "config"}},
		"no such profile among many":              {many(12), "", nil, []string{"no profile x", "p09 and 2 more"}},
		"a source in quotes":                      {"[profile x]\n" + role + "source_profile = \"keys\"\n", keys, nil, []string{"profile x has source_profile in quotes", "take the quotes away"}},
		"a source further on in quotes":           {"[profile x]\n" + role + "source_profile = y\n[profile y]\n" + role + "source_profile = 'keys'\n", keys, nil, []string{"profile y has source_profile in quotes"}},
		"keys in quotes":                          {"", "[x]\naws_access_key_id = \"KEYS\"\naws_secret_access_key = 's'\n", nil, []string{"profile x has aws_access_key_id and aws_secret_access_key in quotes"}},
		"a role in quotes":                        {"[profile x]\nrole_arn = 'arn:aws:iam::123456789012:role/r'\nsource_profile = keys\n", keys, nil, []string{"profile x has role_arn in quotes"}},
		"no such profile of the environment":      {"", keys, []string{"AWS_PROFILE", "gone"}, []string{"no profile gone", "there are keys"}},
		"a profile of the wrong file":             {"", "[profile x]\naws_access_key_id = K\naws_secret_access_key = s\n", nil, []string{"no profile x", "[profile x] stands in the credentials file", "has to be [x]"}},
		"keys of the wrong file":                  {"[profile x]\nregion = eu-west-1\n", "[profile x]\naws_access_key_id = K\naws_secret_access_key = s\n", nil, []string{"profile x has no credentials", "has to be [x]"}},
		"a profile without the word":              {"[x]\nregion = eu-west-1\n", "", nil, []string{"no profile x", "[x] stands in the config file", "has to be [profile x]"}},
		"no such source":                          {"[profile x]\n" + role + "source_profile = gone\n", "", nil, []string{"profile x", "source_profile gone", "no profile of that name"}},
		"a source without credentials":            {"[profile x]\n" + role + "source_profile = y\n[profile y]\nregion = eu-west-1\n", "", nil, []string{"profile x", "source_profile y, which has none"}},
		"a source of aws login":                   {"[profile x]\n" + role + "source_profile = y\n[profile y]\nlogin_session = arn:aws:iam::123456789012:user/u\n", "", nil, []string{"profile x", "source_profile y", "aws login", "export-credentials"}},
		"a source without a role":                 {"[profile x]\nsource_profile = keys\n", keys, nil, []string{"profile x", "source_profile", "no role_arn"}},
		"a role over a source and a program":      {"[profile x]\n" + role + "source_profile = keys\ncredential_process = y\n", keys, nil, []string{"profile x", "both source_profile and credential_process"}},
		"a sign-in as nobody":                     {"[profile x]\nsso_session = corp\n" + session, "", nil, []string{"profile x", "sso_account_id", "sso_role_name"}},
		"a role without a source":                 {"[profile x]\n" + role, "", nil, []string{"profile x", "role_arn", "add source_profile"}},
		"two sources of a role":                   {"[profile x]\n" + role + "source_profile = keys\ncredential_source = Environment\n", keys, nil, []string{"profile x", "both source_profile and credential_source"}},
		"half of a pair of keys":                  {"", "[x]\naws_access_key_id = KEYS\n", nil, []string{"profile x", "only one of"}},
		"no such SSO session":                     {"[profile x]\nsso_session = corp\n" + signed, "", nil, []string{"profile x", "[sso-session corp]"}},
		"no such services section":                {"[profile x]\nservices = gone\n", "[x]\naws_access_key_id = K\naws_secret_access_key = s\n", nil, []string{"profile x", "[services gone]"}},
		"keys of the config file beside SSO":      {"[profile x]\nsso_session = corp\n" + signed + "aws_access_key_id = K\naws_secret_access_key = s\n" + session, "", nil, []string{"profile x", "keys", "SSO", "AWS CLI"}},
		"keys below a name in quotes":             {"[profile 'x']\naws_access_key_id = K\naws_secret_access_key = s\n", "", nil, []string{"profile x", "quotes", "credentials"}},
		"a byte order mark":                       {"\ufeff[profile x]\nregion = eu-west-1\n", "", nil, []string{"byte order mark", "config", "UTF-8"}},
		"a byte order mark before the keys":       {"", "\ufeff" + strings.Replace(keys, "keys", "x", 1), nil, []string{"byte order mark", "credentials"}},
		"a comment sign within a name":            {"[profile y]\n[profile 'a#b']\nregion = eu-west-1\n", strings.Replace(keys, "keys", "x", 1), nil, []string{"[profile 'a#b']", "config", "neither # nor ;"}},
		"words behind the bracket":                {"[profile x] mine\nregion = eu-west-1\n", "", nil, []string{"[profile x] mine", "nothing behind the bracket"}},
		"UTF-16":                                  {"\xff\xfe[\x00p\x00", "", nil, []string{"UTF-16", "config"}},
		"keys beside a role of the environment's": {"[profile x]\n" + role + "credential_source = Ec2InstanceMetadata\n", "[x]\naws_access_key_id = K\naws_secret_access_key = s\n", nil, []string{"profile x", "keys", "role"}},
	} {
		t.Run(name, func(t *testing.T) {
			settled(t, c.config, c.credentials, c.env...)
			access := account.Access{Profile: "x"}
			if c.env != nil && c.env[0] == "AWS_PROFILE" {
				access.Profile = ""
			}
			asked, err := identified(t, access)
			if err == nil || len(asked) > 0 {
				t.Fatalf("it works: %v, %q", err, asked)
			}
			for _, words := range c.says {
				if !strings.Contains(err.Error(), words) {
					t.Errorf("%q does not say %q", err, words)
				}
			}
		})
	}
}

func TestASignInGoesBeforeTheKeysOfTheCredentialsFile(t *testing.T) {
	home := settled(t, "[profile x]\nsso_session = corp\n"+signed+session+"[profile y]\n"+role+"source_profile = x\n", strings.Replace(keys, "keys", "x", 1))
	keepSignIn(t, home, "corp", `{"accessToken":"t","expiresAt":"2100-01-01T00:00:00Z"}`)
	for profile, last := range map[string]string{"x": " GetCallerIdentity by SSO", "y": " AssumeRole by SSO"} {
		asked, err := identified(t, account.Access{Profile: profile})
		if err != nil || len(asked) < 2 || asked[1] != atAWS+last {
			t.Errorf("%s asks %q, %v", profile, asked, err)
		}
	}
}

func TestFilesThatCannotBeReadAreNamedInTheListAndStopNothingElse(t *testing.T) {
	home := settled(t, "", keys)
	path := filepath.Join(home, ".aws", "config")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	found, err := account.Profiles(os.Getenv)
	if err == nil || !strings.Contains(err.Error(), path) || len(found) != 1 || found[0].Name != "keys" {
		t.Errorf("listed are %+v, %v", found, err)
	}
	if _, err := identified(t, account.Access{Profile: "keys"}); err != nil {
		t.Error(err)
	}
	t.Setenv("AWS_PROFILE", "keys")
	t.Setenv("AWS_ACCESS_KEY_ID", "ENV")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s")
	if _, err := identified(t, account.Access{}); err != nil {
		t.Error(err)
	}
}

func TestThePathsOfTheSharedFilesMayHaveATildeAndVariables(t *testing.T) {
	home := settled(t, "[profile x]\nregion = eu-west-1\n", strings.Replace(keys, "keys", "x", 1), "FOLDER", ".aws", "AWS_CONFIG_FILE", "~/.aws/config")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", home+"/$FOLDER/credentials")
	found, err := account.Profiles(os.Getenv)
	if err != nil || len(found) != 1 || found[0].Region != "eu-west-1" {
		t.Errorf("listed are %+v, %v", found, err)
	}
	if _, err := identified(t, account.Access{Profile: "x"}); err != nil {
		t.Error(err)
	}
}
