package replication_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"bothways/aws/account"
	"bothways/aws/pair"
)

// shell runs lines as somebody would who pastes them: a shell takes them apart,
// and what it calls as aws is sent by the SDK as the AWS CLI would send it. It
// knows nothing that our code does of what a line means.
type shell struct {
	// reach are the clients of a profile ("" is the default) in a region.
	reach func(profile, region string) (*account.Clients, error)
	dir   string
	ran   []string // service and operation of each call, in order
}

// shellOf is a shell at the lab's sandbox, of somebody who may do all on both
// sides.
func (l *lab) shellOf(t *testing.T) *shell {
	t.Helper()
	return &shell{dir: t.TempDir(), reach: func(profile, region string) (*account.Clients, error) {
		for _, side := range pair.Sides() {
			if clients := l.clients(side); clients.Region == region && clients.Profile == profile {
				return clients, nil
			}
		}
		return nil, fmt.Errorf("the profile %q reaches nothing in %s", profile, region)
	}}
}

// run runs a line.
func (s *shell) run(ctx context.Context, line string) error {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(line), "line")
	if err != nil {
		return err
	}
	runner, err := interp.New(interp.Dir(s.dir), interp.Env(expand.ListEnviron("PATH=")), interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc {
		return func(ctx context.Context, words []string) error {
			if words[0] != "aws" || len(words) < 3 {
				return fmt.Errorf("there is no command %q", words)
			}
			return s.call(ctx, words[1], words[2], words[3:])
		}
	}))
	if err != nil {
		return err
	}
	return runner.Run(ctx, file)
}

// options are the CLI's own, which every operation has.
var options = []string{"profile", "region", "endpoint-url", "query", "output"}

// call sends one operation.
func (s *shell) call(ctx context.Context, service, operation string, words []string) error {
	s.ran = append(s.ran, service+" "+operation)
	flags := map[string]string{}
	for i := 0; i < len(words); i++ {
		name, is := strings.CutPrefix(words[i], "--")
		if _, twice := flags[name]; !is || twice {
			return fmt.Errorf("%q is no option, or one too many", words[i])
		}
		flags[name] = ""
		if i+1 < len(words) && !strings.HasPrefix(words[i+1], "--") {
			flags[name] = words[i+1]
			i++
		}
	}
	clients, err := s.reach(flags["profile"], flags["region"])
	if err != nil {
		return err
	}
	if flags["endpoint-url"] != clients.Endpoint {
		return fmt.Errorf("the endpoint is %q, not %q", flags["endpoint-url"], clients.Endpoint)
	}
	client := map[string]any{"s3api": clients.S3, "iam": clients.IAM, "sts": clients.STS, "account": clients.Regions}[service]
	if client == nil {
		return fmt.Errorf("there is no service %q", service)
	}
	method := reflect.ValueOf(client).MethodByName(camel(operation))
	if !method.IsValid() {
		return fmt.Errorf("%s has no operation %q", service, operation)
	}
	input := reflect.New(method.Type().In(1).Elem())
	for name, value := range flags {
		if slices.Contains(options, name) {
			continue
		}
		field := input.Elem().FieldByNameFunc(func(field string) bool { return kebab(field) == name })
		if !field.IsValid() {
			return fmt.Errorf("%s %s has no parameter --%s", service, operation, name)
		}
		if err := s.set(field, value); err != nil {
			return fmt.Errorf("--%s: %w", name, err)
		}
	}
	answer := method.Call([]reflect.Value{reflect.ValueOf(ctx), input})
	if err, _ := answer[1].Interface().(error); err != nil {
		return fmt.Errorf("%s %s: %w", service, operation, err)
	}
	return nil
}

// camel is the name of an operation in the API.
func camel(operation string) string {
	words := strings.Split(operation, "-")
	for i, word := range words {
		words[i] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "")
}

var (
	beforeWord  = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	afterLetter = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// kebab is how the CLI calls a member of an input (botocore, xform_name).
func kebab(member string) string {
	return strings.ToLower(afterLetter.ReplaceAllString(beforeWord.ReplaceAllString(member, "$1-$2"), "$1-$2"))
}

// set reads the text of a parameter into its field: as it is, as JSON, or in the
// CLI's shorthand.
func (s *shell) set(field reflect.Value, text string) error {
	kind := field.Type()
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch kind.Kind() {
	case reflect.Interface: // a body is the name of a file
		file, err := os.Open(filepath.Join(s.dir, text))
		if err != nil {
			return err
		}
		field.Set(reflect.ValueOf(file))
		return nil
	case reflect.Bool: // it has no value
		if text != "" {
			return fmt.Errorf("%q is one too many", text)
		}
		return fill(field, true)
	case reflect.Struct, reflect.Slice, reflect.Map:
		var value any
		if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			if err := json.Unmarshal([]byte(text), &value); err != nil {
				return err
			}
			return fill(field, value)
		}
		value, rest, err := members(text)
		if err != nil || rest != "" {
			return fmt.Errorf("%q is no shorthand: %w", text, errors.Join(err, errors.New("left: "+rest)))
		}
		return fill(field, value)
	default:
		return fill(field, text)
	}
}

// fill sets a value of the SDK from one of JSON. Names are those of the API, to
// the letter.
func fill(to reflect.Value, from any) error {
	if to.Kind() == reflect.Pointer {
		to.Set(reflect.New(to.Type().Elem()))
		return fill(to.Elem(), from)
	}
	switch value := from.(type) {
	case map[string]any:
		if to.Kind() == reflect.Map {
			to.Set(reflect.MakeMap(to.Type()))
		}
		for name, one := range value {
			if to.Kind() == reflect.Map {
				to.SetMapIndex(reflect.ValueOf(name), reflect.ValueOf(one))
				continue
			}
			if to.Kind() != reflect.Struct || !to.FieldByName(name).IsValid() {
				return fmt.Errorf("%s has no member %q", to.Type(), name)
			}
			if err := fill(to.FieldByName(name), one); err != nil {
				return err
			}
		}
		return nil
	case []any:
		if to.Kind() != reflect.Slice {
			return fmt.Errorf("%s is no list", to.Type())
		}
		to.Set(reflect.MakeSlice(to.Type(), len(value), len(value)))
		for i, one := range value {
			if err := fill(to.Index(i), one); err != nil {
				return err
			}
		}
		return nil
	case string:
		switch to.Kind() {
		case reflect.String:
			to.SetString(value)
			return nil
		case reflect.Int32, reflect.Int64:
			n, err := strconv.ParseInt(value, 10, 64)
			to.SetInt(n)
			return err
		default:
			return fmt.Errorf("%q is no %s", value, to.Type())
		}
	case float64:
		if to.Kind() != reflect.Int32 && to.Kind() != reflect.Int64 {
			return fmt.Errorf("%v is no %s", value, to.Type())
		}
		to.SetInt(int64(value))
		return nil
	case bool:
		if to.Kind() != reflect.Bool {
			return fmt.Errorf("%v is no %s", value, to.Type())
		}
		to.SetBool(value)
		return nil
	default:
		return fmt.Errorf("%v can't be read", from)
	}
}

// members reads name=value,… of the shorthand (AWS CLI User Guide, "Using
// shorthand syntax with the AWS CLI"), as far as our lines go: names, texts,
// lists in [] and members in {}.
func members(text string) (all map[string]any, rest string, err error) {
	all = map[string]any{}
	for {
		name, after, found := strings.Cut(text, "=")
		if !found {
			return nil, text, fmt.Errorf("%q has no value", text)
		}
		if all[name], text, err = shorthand(after); err != nil || !strings.HasPrefix(text, ",") {
			return all, text, err
		}
		text = text[1:]
	}
}

func shorthand(text string) (value any, rest string, err error) {
	closed := func(value any, rest, with string) (any, string, error) {
		after, found := strings.CutPrefix(rest, with)
		if !found {
			return nil, rest, fmt.Errorf("%q does not end with %s", rest, with)
		}
		return value, after, nil
	}
	switch {
	case strings.HasPrefix(text, "{"):
		all, rest, err := members(text[1:])
		if err != nil {
			return nil, rest, err
		}
		return closed(all, rest, "}")
	case strings.HasPrefix(text, "["):
		list, rest := []any{}, ","+text[1:]
		for strings.HasPrefix(rest, ",") {
			var one any
			if one, rest, err = shorthand(rest[1:]); err != nil {
				return nil, rest, err
			}
			list = append(list, one)
		}
		return closed(list, rest, "]")
	}
	end := strings.IndexAny(text, ",]}")
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:], nil
}
