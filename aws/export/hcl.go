package export

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// hclBody is the inside of a block of Terraform's language, with the few ways
// to fill it that are not hclwrite's own.
type hclBody struct{ *hclwrite.Body }

// block begins a block in this one. At the top of a file, top sets it apart.
func (b hclBody) block(kind string, labels ...string) hclBody {
	return hclBody{b.AppendNewBlock(kind, labels).Body()}
}

// top begins a block of its own, with an empty line before it.
func (b hclBody) top(kind string, labels ...string) hclBody {
	b.AppendNewline()
	return b.block(kind, labels...)
}

// set writes name = value.
func (b hclBody) set(name string, value hclwrite.Tokens) { b.SetAttributeRaw(name, value) }

// comment writes lines that begin with "#". They must hold no line break.
func (b hclBody) comment(lines ...string) {
	for _, line := range lines {
		b.AppendUnstructuredTokens(hclwrite.Tokens{{Type: hclsyntax.TokenComment, Bytes: []byte(strings.TrimRight("# "+line, " ") + "\n")}})
	}
}

// tags writes a map of texts, sorted by key.
func (b hclBody) tags(tags map[string]string) {
	if len(tags) == 0 {
		return
	}
	members := make([]hclwrite.ObjectAttrTokens, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		members = append(members, hclwrite.ObjectAttrTokens{Name: quoted(key), Value: quoted(tags[key])})
	}
	b.set("tags", hclwrite.TokensForObject(members))
}

// document writes a JSON document as jsonencode(…), so that it can be read and
// edited as part of the configuration.
func (b hclBody) document(name, document string) {
	var value any
	if json.Unmarshal([]byte(document), &value) != nil {
		b.set(name, quoted(document)) // what is not JSON stays as it is
		return
	}
	b.set(name, hclwrite.TokensForFunctionCall("jsonencode", fromDocument(value)))
}

// fromDocument writes a JSON value as an expression, every item on a line of
// its own.
func fromDocument(value any) hclwrite.Tokens {
	switch v := value.(type) {
	case map[string]any:
		members := make([]hclwrite.ObjectAttrTokens, 0, len(v))
		for _, key := range policyOrder(v) {
			members = append(members, hclwrite.ObjectAttrTokens{Name: quoted(key), Value: fromDocument(v[key])})
		}
		return hclwrite.TokensForObject(members)
	case []any:
		lineBreak := &hclwrite.Token{Type: hclsyntax.TokenNewline, Bytes: []byte("\n")}
		items := hclwrite.Tokens{{Type: hclsyntax.TokenOBrack, Bytes: []byte("[")}, lineBreak}
		for _, item := range v {
			items = append(items, fromDocument(item)...)
			items = append(items, &hclwrite.Token{Type: hclsyntax.TokenComma, Bytes: []byte(",")}, lineBreak)
		}
		return append(items, &hclwrite.Token{Type: hclsyntax.TokenCBrack, Bytes: []byte("]")})
	case string:
		return quoted(v)
	case float64:
		return hclwrite.TokensForValue(cty.NumberFloatVal(v))
	case bool:
		return hclwrite.TokensForValue(cty.BoolVal(v))
	}
	return hclwrite.TokensForValue(cty.NullVal(cty.DynamicPseudoType)) // JSON has nothing else
}

// quoted is a string that means exactly the text, with nothing in it that
// Terraform would interpolate.
func quoted(text string) hclwrite.Tokens { return hclwrite.TokensForValue(cty.StringVal(text)) }

func number(n int64) hclwrite.Tokens { return hclwrite.TokensForValue(cty.NumberIntVal(n)) }

func yes() hclwrite.Tokens { return hclwrite.TokensForValue(cty.True) }

func list(items ...hclwrite.Tokens) hclwrite.Tokens { return hclwrite.TokensForTuple(items) }

// reference is a traversal: aws_s3_bucket.a.id of its three steps.
func reference(root string, steps ...string) hclwrite.Tokens {
	path := append(make(hcl.Traversal, 0, 1+len(steps)), hcl.TraverseRoot{Name: root})
	for _, step := range steps {
		path = append(path, hcl.TraverseAttr{Name: step})
	}
	return hclwrite.TokensForTraversal(path)
}
