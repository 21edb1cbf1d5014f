package replication

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"bothways/aws/account"
)

// exactJSON writes an SDK input as the AWS CLI would take it: every member
// that will be sent, under the name of the API, and no other. A pointer to an
// empty value is sent, so it is shown; a missing one is not.
func exactJSON(input any) string {
	text, err := json.MarshalIndent(sent(reflect.ValueOf(input)), "", "  ")
	if err != nil {
		return fmt.Sprintf("cannot be shown: %v", err)
	}
	return string(text)
}

func sent(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return sent(v.Elem())
	case reflect.Struct:
		members := map[string]any{}
		for i := range v.NumField() {
			field, member := v.Type().Field(i), v.Field(i)
			if !field.IsExported() || field.Name == "ResultMetadata" || member.IsZero() {
				continue
			}
			members[field.Name] = sent(member)
		}
		return members
	case reflect.Slice:
		items := make([]any, v.Len())
		for i := range items {
			items[i] = sent(v.Index(i))
		}
		return items
	default:
		return v.Interface()
	}
}

// cli writes a call as one line for the AWS CLI, with the profile, region and
// endpoint that reach the same place.
func cli(c *account.Clients, service, command string, arguments ...string) string {
	words := []string{"aws", service, command}
	if c.Profile != "" {
		words = append(words, "--profile", c.Profile)
	}
	if c.Endpoint != "" {
		words = append(words, "--endpoint-url", c.Endpoint)
	}
	words = append(words, "--region", c.Region)
	words = append(words, arguments...)
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

// compact takes the white space out of a JSON text, for a command line.
func compact(text string) string {
	var value any
	if json.Unmarshal([]byte(text), &value) != nil {
		return text
	}
	short, err := json.Marshal(value)
	if err != nil {
		return text
	}
	return string(short)
}
