package wanted

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// ExactJSON writes an SDK input as the AWS CLI would take it: every member
// that will be sent, under the name of the API, and no other. A pointer to an
// empty value is sent, so it is shown; a missing one is not.
func ExactJSON(input any) string {
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

// Compact takes the white space out of a JSON text, for a command line.
func Compact(text string) string {
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
