package config

import (
	"regexp"
	"strings"
	"sync"
)

// secret says whether a name is that of a credential, however it is written.
func secret(name string) bool {
	plain := strings.NewReplacer("-", "", "_", "", " ", "", ".", "").Replace(strings.ToLower(name))
	for _, word := range []string{"secret", "password", "passwd", "accesskey", "sessiontoken", "securitytoken", "credential", "apikey"} {
		if strings.Contains(plain, word) {
			return true
		}
	}
	return plain == "token"
}

// keyID is an access key's ID of AWS, wherever it stands.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
var keyID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bA(KIA|SIA|BIA|CCA)[A-Z0-9]{16}\b`) })

func credential(value string) bool { return keyID().MatchString(value) }
