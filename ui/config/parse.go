package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// The file's parts.
const (
	theme    = "theme"
	defaults = "defaults"
)

// Parse reads the text of a file. All that is wrong is one error a line, each with
// its place.
func Parse(path string, text []byte) (File, error) {
	p := parser{file: File{Path: path}}
	root, err := document(path, text)
	if err != nil || root == nil {
		return p.file, err
	}
	p.each(root, "the file", func(name string, at, value *yaml.Node) {
		switch name {
		case theme:
			if s, ok := p.setting(name, at, value); ok {
				p.file.Theme = &s
			}
		case defaults:
			p.each(value, defaults, func(command string, at, value *yaml.Node) {
				p.file.Defaults = append(p.file.Defaults, Block{command, at.Line, p.settings(value, defaults+" of "+command)})
			})
		default:
			p.unknown(name, at)
		}
	})
	return p.file, errors.Join(p.wrong...)
}

// document is the only one of a text, nil where that says nothing. The library
// panics on some texts that are no YAML.
func document(path string, text []byte) (root *yaml.Node, err error) {
	defer func() {
		if value := recover(); value != nil {
			root, err = nil, fmt.Errorf("%s: it is no YAML", path)
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("%s: it is no YAML: %s", path, strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\n", " "), "yaml: "))
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, Problem(path, second.Line, "a second document begins here: give one")
	}
	if len(first.Content) != 1 || first.Content[0].Tag == "!!null" {
		return nil, nil
	}
	return first.Content[0], nil
}

// parser keeps what is right and what is wrong.
type parser struct {
	file  File
	wrong []error
}

func (p *parser) problem(at *yaml.Node, format string, values ...any) {
	p.wrong = append(p.wrong, Problem(p.file.Path, at.Line, format, values...))
}

// each hands over the members of a mapping.
func (p *parser) each(node *yaml.Node, of string, member func(name string, at, value *yaml.Node)) {
	if node.Tag == "!!null" {
		return
	}
	if node.Kind != yaml.MappingNode {
		p.problem(node, "%s: this is %s: give names with a value each, such as %s", of, kind(node), example(of))
		return
	}
	seen := map[string]int{}
	for pair := range slices.Chunk(node.Content, 2) {
		at, value := pair[0], pair[1]
		switch name := at.Value; {
		case at.Kind != yaml.ScalarNode || name == "" || unprintable(name):
			p.problem(at, "%s: this is no name", of)
		case seen[name] > 0:
			p.problem(at, "%s: %q stands in line %d already", of, name, seen[name])
		case secret(name):
			p.problem(at, "%s: credentials don't belong into this file: keep them in the AWS config files, or in the environment", name)
		default:
			seen[name] = at.Line
			member(name, at, value)
		}
	}
}

// settings are the members of a mapping, a value or a list of some each.
func (p *parser) settings(node *yaml.Node, of string) (all []Setting) {
	p.each(node, of, func(name string, at, value *yaml.Node) {
		if s, ok := p.setting(name, at, value); ok {
			all = append(all, s)
		}
	})
	return all
}

func (p *parser) setting(name string, at, value *yaml.Node) (s Setting, ok bool) {
	s = Setting{Name: name, Line: at.Line}
	nodes := []*yaml.Node{value}
	if value.Kind == yaml.SequenceNode {
		nodes = value.Content
	}
	for _, node := range nodes {
		switch {
		case node.Kind != yaml.ScalarNode:
			p.problem(node, "%s: this is %s: give a value, or a list of some", name, kind(node))
			return s, false
		case node.Tag == "!!null" || node.Value == "":
			p.problem(node, "%s has no value: give it one, or leave it out", name)
			return s, false
		case credential(node.Value):
			p.problem(node, "%s: its value looks like an access key, and credentials don't belong into this file", name)
			return s, false
		case unprintable(node.Value):
			p.problem(node, "%s: %q holds control characters: leave them out", name, node.Value)
			return s, false
		}
		s.Values = append(s.Values, node.Value)
	}
	if len(s.Values) == 0 {
		p.problem(at, "%s has no value: give it one, or leave it out", name)
	}
	return s, len(s.Values) > 0
}

func (p *parser) unknown(name string, at *yaml.Node) {
	switch name {
	case "targets", "target":
		p.problem(at, "%s: a target is a default of a flag: write it as in defaults: {probe: {target: 15m}, drill: {rpo: 15m, rto: 5m}}", name)
		return
	case "keys":
		p.problem(at, "%s: keys of the console can't be bound anew", name)
		return
	case "include", "extends", "<<":
		p.problem(at, "%s: a file takes nothing over from another one", name)
		return
	}
	parts := []string{theme, defaults}
	p.problem(at, "%q is no part of this file: there are %s%s", name, strings.Join(parts, " and "), Near(name, parts))
}

// kind says what stands in place of something else.
func kind(node *yaml.Node) string {
	switch node.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	default:
		return "a single value"
	}
}

// example is what a part could look like.
func example(of string) string {
	switch of {
	case defaults:
		return "probe: {target: 15m}"
	case "the file":
		return "theme: dark"
	}
	return "target: 15m"
}

// unprintable says whether a text holds what a terminal may obey.
func unprintable(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar
	})
}
