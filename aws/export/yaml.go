package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// member is one key of a mapping; a mapping keeps the order that a reader
// wants, not the alphabet's.
type member struct {
	key   string
	value *yaml.Node
}

func mapping(members ...member) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, m := range members {
		if m.value != nil {
			node.Content = append(node.Content, text(m.key), m.value)
		}
	}
	return node
}

func sequence(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Content: items}
}

// text is a string, whatever it looks like: the encoder puts "no" and "1" into
// quotes, which older YAML would take for something else, but not "=", its default
// value (https://yaml.org/type/value.html). What can't be seen, or changes how the
// rest is seen, goes into quotes that know escapes, for encode to write them.
func text(value string) *yaml.Node {
	node := &yaml.Node{}
	if err := node.Encode(value); err != nil {
		panic(fmt.Sprintf("write %q as YAML: %v", value, err)) // a string: cannot happen
	}
	if strings.HasPrefix(value, "=") || strings.HasPrefix(value, "<<") || strings.ContainsFunc(value, unseen) {
		node.Style, node.Tag = yaml.DoubleQuotedStyle, "!!str"
	}
	return node
}

// unseen says whether a character has to be written as an escape: controls, marks
// of the reading direction, spaces that look like others. Lines end as they do.
func unseen(r rune) bool { return !unicode.IsPrint(r) && r != '\n' }

// encode writes a document of nodes of this file. The library writes marks of the
// reading direction as they are, even in quotes; as text puts all that has any
// into double quotes, each can be made an escape afterwards.
func encode(root *yaml.Node) (string, error) {
	var out strings.Builder
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := errors.Join(encoder.Encode(root), encoder.Close()); err != nil {
		return "", fmt.Errorf("encode YAML: %w", err)
	}
	if !strings.ContainsFunc(out.String(), unseen) {
		return out.String(), nil
	}
	var safe strings.Builder
	for _, r := range out.String() {
		switch {
		case !unseen(r):
			safe.WriteRune(r)
		case r > 0xFFFF:
			fmt.Fprintf(&safe, `\U%08X`, r)
		default:
			fmt.Fprintf(&safe, `\u%04X`, r)
		}
	}
	return safe.String(), nil
}

func ref(name string) *yaml.Node { return mapping(member{"Ref", text(name)}) }

// when is value under a condition of the template, and nothing otherwise.
func when(condition string, value *yaml.Node) *yaml.Node {
	return mapping(member{"Fn::If", sequence(text(condition), value, ref("AWS::NoValue"))})
}

// drop takes a member out of a mapping.
func drop(from *yaml.Node, key string) {
	for i := 0; i+1 < len(from.Content); i += 2 {
		if from.Content[i].Value == key {
			from.Content = slices.Delete(from.Content, i, i+2)
			return
		}
	}
}

// document is a JSON document as YAML.
func document(from string) (*yaml.Node, error) {
	var value any
	if err := json.Unmarshal([]byte(from), &value); err != nil {
		return nil, fmt.Errorf("read a policy document: %w", err)
	}
	return fromJSON(value)
}

func fromJSON(value any) (*yaml.Node, error) {
	switch v := value.(type) {
	case map[string]any:
		node := mapping()
		for _, key := range policyOrder(v) {
			inner, err := fromJSON(v[key])
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, text(key), inner)
		}
		return node, nil
	case []any:
		node := sequence()
		for _, item := range v {
			inner, err := fromJSON(item)
			if err != nil {
				return nil, err
			}
			node.Content = append(node.Content, inner)
		}
		return node, nil
	case string:
		return text(v), nil
	}
	node := &yaml.Node{}
	if err := node.Encode(value); err != nil {
		return nil, fmt.Errorf("write %v as YAML: %w", value, err)
	}
	return node, nil
}

// policyOrder sorts keys, but puts the version of a policy first.
func policyOrder(m map[string]any) []string {
	keys := slices.Sorted(maps.Keys(m))
	if at, has := slices.BinarySearch(keys, "Version"); has {
		return slices.Insert(slices.Delete(keys, at, at+1), 0, "Version")
	}
	return keys
}

// dynamicReference finds a text that CloudFormation would replace by the value of
// a parameter or a secret (CloudFormation User Guide, "Get values stored in other
// services using dynamic references"), or "".
func dynamicReference(node *yaml.Node) string {
	if strings.Contains(node.Value, "{{resolve:") {
		return node.Value
	}
	for _, child := range node.Content {
		if held := dynamicReference(child); held != "" {
			return held
		}
	}
	return ""
}
