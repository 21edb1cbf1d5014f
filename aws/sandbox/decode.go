package sandbox

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// decode reads one JSON value strictly: names that nothing reads, values of
// another kind and anything after the end are errors, which say the line and
// where in the value that is. It returns the line of each part by its place.
func decode(file []byte, into any) (lines map[string]int, err error) {
	r := &reader{file: file, Decoder: json.NewDecoder(bytes.NewReader(file)), lines: map[string]int{}}
	if err := r.value(reflect.TypeOf(into).Elem(), nil); err != nil {
		return nil, err
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return nil, r.failed(nil, errors.New("there is more after the end of it"))
	}
	return r.lines, json.Unmarshal(file, into)
}

// reader walks through a JSON value along the type that it is for.
type reader struct {
	*json.Decoder
	file  []byte
	lines map[string]int
}

// line returns the line that was read last.
func (r *reader) line() int {
	return 1 + bytes.Count(r.file[:min(r.InputOffset(), int64(len(r.file)))], []byte("\n"))
}

// failed says where an error is.
func (r *reader) failed(place []string, err error) error {
	line := r.line()
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		line = 1 + bytes.Count(r.file[:min(syntax.Offset, int64(len(r.file)))], []byte("\n"))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		line, err = 1+bytes.Count(r.file, []byte("\n")), errors.New("it ends too early")
	}
	if len(place) == 0 {
		return fmt.Errorf("line %d: %w", line, err)
	}
	return fmt.Errorf("line %d, %s: %w", line, strings.Join(place, ", "), err)
}

var (
	textual = reflect.TypeFor[encoding.TextUnmarshaler]()
	raw     = reflect.TypeFor[json.RawMessage]()
)

// value reads a value of a type.
func (r *reader) value(t reflect.Type, place []string) error {
	if t == raw {
		var anything json.RawMessage
		if err := r.Decode(&anything); err != nil {
			return r.failed(place, err)
		}
		return nil
	}
	token, err := r.Token()
	if err != nil {
		return r.failed(place, err)
	}
	r.lines[strings.Join(place, ", ")] = r.line()
	if token == nil {
		return nil // null is as good as nothing
	}
	if text, isText := token.(string); isText && reflect.PointerTo(t).Implements(textual) {
		if err := reflect.New(t).Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
			return r.failed(place, err)
		}
		return nil
	}
	var wanted string
	switch kind := t.Kind(); {
	case reflect.PointerTo(t).Implements(textual):
		wanted = "a text in quotation marks, such as \"1m30s\""
	case kind == reflect.Struct:
		if token == json.Delim('{') {
			return r.object(t, place)
		}
		wanted = "an object {…}"
	case kind == reflect.Slice:
		if token == json.Delim('[') {
			return r.list(t.Elem(), place)
		}
		wanted = "a list […]"
	default:
		wanted = mismatch(kind, token)
	}
	if wanted != "" {
		return r.failed(place, errors.New("it wants "+wanted))
	}
	return nil
}

// mismatch says what a plain value should have been, "" if it is.
func mismatch(kind reflect.Kind, token json.Token) string {
	switch kind {
	case reflect.String:
		if _, ok := token.(string); !ok {
			return "a text in quotation marks"
		}
	case reflect.Bool:
		if _, ok := token.(bool); !ok {
			return "true or false"
		}
	case reflect.Int:
		if number, ok := token.(float64); !ok || number != float64(int(number)) {
			return "a whole number"
		}
	default:
		if _, ok := token.(float64); !ok {
			return "a number"
		}
	}
	return ""
}

func (r *reader) list(element reflect.Type, place []string) error {
	for i := 1; r.More(); i++ {
		if err := r.value(element, append(slices.Clip(place), "entry "+strconv.Itoa(i))); err != nil {
			return err
		}
	}
	return r.end(place)
}

func (r *reader) object(t reflect.Type, place []string) error {
	types := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "-" {
			types[name] = field.Type
		}
	}
	for r.More() {
		token, err := r.Token()
		if err != nil {
			return r.failed(place, err)
		}
		name, _ := token.(string)
		field, found := types[name]
		if !found {
			names := strings.Join(slices.Sorted(maps.Keys(types)), ", ")
			return r.failed(place, fmt.Errorf("there is no %q; the names are %s", name, names))
		}
		if err := r.value(field, append(slices.Clip(place), name)); err != nil {
			return err
		}
	}
	return r.end(place)
}

// end reads the closing bracket.
func (r *reader) end(place []string) error {
	if _, err := r.Token(); err != nil {
		return r.failed(place, err)
	}
	return nil
}
