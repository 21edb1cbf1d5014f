package account

import (
	"encoding/json"
	"strings"
)

// CLI writes a call as one line for the AWS CLI, with the profile, region and
// endpoint that reach the same place as these clients.
func (c *Clients) CLI(service, command string, arguments ...string) string {
	words := []string{"aws", service, command}
	if c.Profile != "" {
		words = append(words, "--profile", c.Profile)
	}
	words = append(append(words, c.endpointFor(service)...), "--region", c.Region)
	return quoted(append(words, arguments...))
}

// AnyonesCLI is the same for what may lie in another account and region: it goes by
// the profile and the region of whoever runs it, and by the same endpoint.
func (c *Clients) AnyonesCLI(service, command string, arguments ...string) string {
	words := append([]string{"aws", service, command}, c.endpointFor(service)...)
	return quoted(append(words, arguments...))
}

// endpointFor are the options that name the address of a service, where it has one of its own.
func (c *Clients) endpointFor(service string) []string {
	endpoint := c.others[service] // S3's own address answers for no other service
	if service == "s3" || service == "s3api" {
		endpoint = c.Endpoint
	}
	if endpoint == "" {
		return nil
	}
	return []string{"--endpoint-url", endpoint}
}

func quoted(words []string) string {
	for i, w := range words {
		words[i] = Quote(w)
	}
	return strings.Join(words, " ")
}

// Quote makes one word of the shell of a text.
func Quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=,@", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Given are the words that hand a text to an option of the AWS CLI as it stands,
// member being the name of that option in the API. The CLI takes a word that
// begins with "-" for an option, and reads what begins as an address does from
// there (AWS CLI User Guide, "Loading a parameter from a file"; version 1 asks web
// addresses, too). A command has one text of that kind at most.
func Given(option, member, text string) []string {
	for _, begins := range []string{"file://", "fileb://", "http://", "https://"} {
		if strings.HasPrefix(text, begins) {
			input, err := json.Marshal(map[string]string{member: text})
			if err == nil {
				return []string{"--cli-input-json", string(input)}
			}
		}
	}
	if strings.HasPrefix(text, "-") {
		return []string{option + "=" + text}
	}
	return []string{option, text}
}
