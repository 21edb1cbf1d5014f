package export

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// hclWriter collects blocks and attributes of Terraform's language.
type hclWriter struct {
	text  strings.Builder
	depth int
}

// expression is a piece of HCL that stands to the right of "=".
type expression string

// quoted is a string that means exactly the text: in a template "${" and "%{"
// begin an interpolation, so they are doubled (Terraform, "Strings and
// Templates").
func quoted(text string) expression {
	var out strings.Builder
	out.WriteByte('"')
	runes := []rune(text)
	for i, r := range runes {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\r':
			out.WriteString(`\r`)
		case r == '\t':
			out.WriteString(`\t`)
		case (r == '$' || r == '%') && i+1 < len(runes) && runes[i+1] == '{':
			out.WriteRune(r)
			out.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	out.WriteByte('"')
	return expression(out.String())
}

func number(n int32) expression { return expression(strconv.FormatInt(int64(n), 10)) }

func list(items ...expression) expression {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = string(item)
	}
	return expression("[" + strings.Join(texts, ", ") + "]")
}

func (h *hclWriter) line(text string) {
	if text != "" {
		h.text.WriteString(strings.Repeat("  ", h.depth))
		h.text.WriteString(text)
	}
	h.text.WriteByte('\n')
}

func (h *hclWriter) comment(lines ...string) {
	for _, line := range lines {
		h.line("# " + line)
	}
}

// set writes name = value.
func (h *hclWriter) set(name string, value expression) { h.line(name + " = " + string(value)) }

// block writes head { … }; at the top an empty line stands before it.
func (h *hclWriter) block(head string, fill func()) {
	if h.depth == 0 {
		h.line("")
	}
	h.line(head + " {")
	h.depth++
	fill()
	h.depth--
	h.line("}")
}

// tags writes a map of texts, sorted by key.
func (h *hclWriter) tags(name string, tags map[string]string) {
	if len(tags) == 0 {
		return
	}
	h.line(name + " = {")
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		h.line("  " + string(quoted(key)) + " = " + string(quoted(tags[key])))
	}
	h.line("}")
}

// document writes a JSON document as jsonencode(…), so that it can be read and
// edited as part of the configuration.
func (h *hclWriter) document(name, document string) {
	var value any
	if json.Unmarshal([]byte(document), &value) != nil {
		h.set(name, quoted(document)) // what is not JSON stays as it is
		return
	}
	var out strings.Builder
	object(&out, value, h.depth)
	h.set(name, expression("jsonencode("+out.String()+")"))
}

// object writes a JSON value as an HCL expression.
func object(out *strings.Builder, value any, depth int) {
	pad := strings.Repeat("  ", depth+1)
	switch v := value.(type) {
	case map[string]any:
		out.WriteString("{\n")
		for _, key := range policyOrder(v) {
			out.WriteString(pad + string(quoted(key)) + " = ")
			object(out, v[key], depth+1)
			out.WriteByte('\n')
		}
		out.WriteString(strings.Repeat("  ", depth) + "}")
	case []any:
		out.WriteString("[\n")
		for _, item := range v {
			out.WriteString(pad)
			object(out, item, depth+1)
			out.WriteString(",\n")
		}
		out.WriteString(strings.Repeat("  ", depth) + "]")
	case string:
		out.WriteString(string(quoted(v)))
	case nil:
		out.WriteString("null")
	default: // numbers and booleans are written alike in both languages
		text, err := json.Marshal(v)
		if err != nil {
			panic(fmt.Sprintf("write %v as JSON: %v", v, err)) // it came from JSON: cannot happen
		}
		out.Write(text)
	}
}

// assignment is a line that sets something, up to its "=".
var assignment = regexp.MustCompile(`^( *(?:"(?:[^"\\\\]|\\\\.)*"|[A-Za-z_]+)) = (.*)$`)

// aligned lines up the "=" of neighbouring lines, as terraform fmt does. A
// value that goes on over more lines stands alone.
func aligned(text string) string {
	lines := strings.Split(text, "\n")
	for from := 0; from < len(lines); {
		to, widest := from, 0
		for ; to < len(lines); to++ {
			parts := assignment.FindStringSubmatch(lines[to])
			if parts == nil || strings.HasSuffix(parts[2], "{") || strings.HasSuffix(parts[2], "[") {
				break
			}
			widest = max(widest, utf8.RuneCountInString(parts[1]))
		}
		for i := from; i < to; i++ {
			parts := assignment.FindStringSubmatch(lines[i])
			lines[i] = parts[1] + strings.Repeat(" ", widest-utf8.RuneCountInString(parts[1])) + " = " + parts[2]
		}
		from = max(to, from+1)
	}
	return strings.Join(lines, "\n")
}
