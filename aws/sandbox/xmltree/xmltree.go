// Package xmltree reads small XML documents into trees and writes them back,
// so that what a client sent can be held to a schema strictly: encoding/xml
// by itself overlooks unknown elements.
package xmltree

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Namespace is that of all S3 documents.
const Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// maxDepth bounds the nesting; no S3 document nests deeper than 10.
const maxDepth = 32

// Node is an element. It has children or text, never both.
type Node struct {
	Name     string
	Text     string
	Attrs    []xml.Attr // without namespace declarations
	Children []*Node
}

// Of makes an element of others.
func Of(name string, children ...*Node) *Node { return &Node{Name: name, Children: children} }

// Leaf makes an element of text.
func Leaf(name, text string) *Node { return &Node{Name: name, Text: text} }

// Typed makes an element of others that says with xsi:type what it is.
func Typed(name, kind string, children ...*Node) *Node {
	return &Node{Name: name, Attrs: []xml.Attr{{Name: xml.Name{Local: "type"}, Value: kind}}, Children: children}
}

// Parse reads one document.
func Parse(doc []byte) (*Node, error) {
	decoder := xml.NewDecoder(bytes.NewReader(doc))
	var root *Node
	var open []*Node
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading XML: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			node := &Node{Name: t.Name.Local}
			for _, a := range t.Attr {
				if !qualified(a.Name.Local) {
					return nil, fmt.Errorf("reading XML: %q is not an attribute's name", a.Name.Local)
				}
				if a.Name.Local != "xmlns" && a.Name.Space != "xmlns" {
					node.Attrs = append(node.Attrs, a)
				}
			}
			switch {
			case !qualified(node.Name):
				return nil, fmt.Errorf("reading XML: %q is not an element's name", node.Name)
			case len(open) == maxDepth:
				return nil, errors.New("reading XML: nested too deeply")
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.Children = append(parent.Children, node)
			case root != nil:
				return nil, errors.New("reading XML: more than one root")
			default:
				root = node
			}
			open = append(open, node)
		case xml.EndElement:
			node := open[len(open)-1]
			open = open[:len(open)-1]
			if len(node.Children) > 0 {
				if strings.TrimSpace(node.Text) != "" {
					return nil, fmt.Errorf("reading XML: text beside the elements of %s", node.Name)
				}
				node.Text = ""
			}
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].Text += string(t)
			} else if len(bytes.TrimSpace(t)) > 0 {
				return nil, errors.New("reading XML: text outside the root")
			}
		case xml.Directive:
			return nil, errors.New("reading XML: directives are refused")
		}
	}
	if root == nil || len(open) > 0 {
		return nil, errors.New("reading XML: no complete element")
	}
	return root, nil
}

// qualified says whether a local name could be written again: encoding/xml
// leaves a name whose prefix or rest is missing whole, colon included, and does
// not look at how the rest begins; "Namespaces in XML" has no such names. No
// document of S3 has a name that begins with anything but a letter of ASCII.
func qualified(local string) bool {
	if local == "" || strings.Contains(local, ":") {
		return false
	}
	first := local[0] | 0x20
	return first >= 'a' && first <= 'z' || local[0] == '_'
}

// Child returns the first child of that name, or nil. A nil node has none, so
// that paths of Child need no checks on the way.
func (n *Node) Child(name string) *Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// All returns the children of that name. A nil node has none.
func (n *Node) All(name string) []*Node {
	if n == nil {
		return nil
	}
	var found []*Node
	for _, c := range n.Children {
		if c.Name == name {
			found = append(found, c)
		}
	}
	return found
}

// Value returns the text of the first child of that name, without the space
// around it, or "".
func (n *Node) Value(name string) string {
	if c := n.Child(name); c != nil {
		return strings.TrimSpace(c.Text)
	}
	return ""
}

// Clone copies an element with all below it.
func (n *Node) Clone() *Node {
	c := *n
	c.Children = make([]*Node, len(n.Children))
	for i, child := range n.Children {
		c.Children[i] = child.Clone()
	}
	return &c
}

// Only says whether all children have one of the names, and those that are
// not in repeated occur at most once.
func (n *Node) Only(repeated []string, names ...string) bool {
	seen := map[string]bool{}
	for _, c := range n.Children {
		if slices.Contains(repeated, c.Name) {
			continue
		}
		if !slices.Contains(names, c.Name) || seen[c.Name] {
			return false
		}
		seen[c.Name] = true
	}
	return true
}

// Bare writes the tree without a namespace, as S3's error documents are, where
// quotation marks stand as they are.
func (n *Node) Bare() []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	n.write(&b, "")
	return bytes.ReplaceAll(b.Bytes(), []byte("&#34;"), []byte(`"`))
}

// Document writes the tree as an S3 document.
func (n *Node) Document() []byte { return n.In(Namespace) }

// In writes the tree as a document of a namespace.
func (n *Node) In(namespace string) []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	n.write(&b, ` xmlns="`+namespace+`"`)
	return b.Bytes()
}

func (n *Node) write(b *bytes.Buffer, attributes string) {
	for _, a := range n.Attrs {
		// The one attribute of S3 documents is xsi:type of a grantee.
		attributes += ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:` + a.Name.Local + `="` + Escaped(a.Value) + `"`
	}
	b.WriteString("<" + n.Name + attributes + ">")
	b.WriteString(Escaped(n.Text))
	for _, c := range n.Children {
		c.write(b, "")
	}
	b.WriteString("</" + n.Name + ">")
}

// Escaped writes a text as S3 does: a character that XML 1.0 can't carry becomes
// a reference all the same, as &#x1; for U+0001, which most parsers refuse.
func Escaped(text string) string {
	if isPlain(text) {
		return text
	}
	var b strings.Builder
	from := 0
	flush := func(to int) { _ = xml.EscapeText(&b, []byte(text[from:to])) } // a strings.Builder never fails
	for i, r := range text {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			flush(i)
			fmt.Fprintf(&b, "&#x%x;", r)
			from = i + utf8.RuneLen(r)
		}
	}
	flush(len(text))
	return b.String()
}

// isPlain says whether a text needs no references: of most that is so.
func isPlain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf || c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' {
			return false
		}
	}
	return true
}
